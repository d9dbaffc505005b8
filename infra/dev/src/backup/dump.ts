import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { coerceError } from '@liventix/shared/errors';
import type pg from 'pg';
import { z } from 'zod';
import { nameOf, partsOf, placeDraft } from './places.ts';
import { connectServer, refused, refuseSecond } from './server.ts';

const run = promisify(execFile);

/** Of what a client or a server says it is: 18.1, 18beta2, 15.13 (Debian 15.13-0+deb12u1). */
export function majorIn(text: string): number | undefined {
  const found = /\b(\d{1,3})(?:\.\d+|beta\d+|rc\d+|devel)\b/.exec(text)?.[1];
  return found === undefined ? undefined : Number(found);
}

export type DumpDecision =
  | { readonly kind: 'use' }
  | { readonly kind: 'missing'; readonly why: string };

/** A pg_dump that is older than the server refuses to read it (postgresql.org/docs/current/app-pgdump.html). */
export function decideDump(clientSays: string | undefined, serverSays: string): DumpDecision {
  const server = majorIn(serverSays);
  const client = clientSays === undefined ? undefined : majorIn(clientSays);
  const wanted = `This server is PostgreSQL ${serverSays}, so a pg_dump of version ${server ?? '?'} or newer must be on PATH`;
  if (client === undefined) {
    return {
      kind: 'missing',
      why: `${wanted}, and there is none. A base backup needs none: leave --dump out.`,
    };
  }
  return server !== undefined && client >= server
    ? { kind: 'use' }
    : {
        kind: 'missing',
        why: `${wanted}; the one that is there is ${client}. A base backup needs none: leave --dump out.`,
      };
}

/**
 * Takes a logical dump of one database: another version of Postgres can read it, and it is of one moment,
 * without what came later. The password goes by the environment, where no list of processes shows it.
 */
export async function takeDump(options: {
  readonly databaseUrl: string;
  /** By default beside the data of a server on this machine. */
  readonly folder?: string;
  readonly path: string;
}): Promise<{ readonly folder: string; readonly file: string; readonly bytes: number }> {
  const { databaseUrl, path } = options;
  const client = await connectServer(databaseUrl);
  try {
    const { version, dataDir } = await askVersion(client);
    const decision = decideDump(await askClient(path), version);
    if (decision.kind === 'missing') {
      throw refused('backup.no_dump', decision.why);
    }
    if (options.folder === undefined && (dataDir === null || !existsSync(dataDir))) {
      throw refused(
        'backup.elsewhere',
        'The data of this server is not on this machine: say --folder.',
      );
    }
    const folder = options.folder ?? join(dataDir ?? '', '..', 'backups');
    await refuseSecond(client);
    const file = await dumpInto(partsOf(folder).dump, { databaseUrl, path });
    return { folder, file, bytes: statSync(file).size };
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function dumpInto(
  folder: string,
  from: { readonly databaseUrl: string; readonly path: string },
): Promise<string> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const draft = placeDraft(folder);
  try {
    await run('pg_dump', ['--format=custom', '--no-password', `--file=${draft}`], {
      env: { PATH: from.path, ...connectionOf(from.databaseUrl) },
      maxBuffer: 1_000_000,
    });
  } catch (error) {
    rmSync(draft, { force: true });
    const said = z.object({ stderr: z.string().min(1) }).safeParse(error).data?.stderr;
    throw refused('backup.dump_failed', `pg_dump failed: ${said ?? coerceError(error).message}`);
  }
  const file = join(folder, `${nameOf(new Date().toISOString())}.dump`);
  renameSync(draft, file);
  return file;
}

const versionRow = z.object({ version: z.string(), dataDir: z.string().nullable() });

/** Where its data is, only who runs a server may ask. */
async function askVersion(client: pg.Client): Promise<z.output<typeof versionRow>> {
  const { rows } = await client.query(
    `select current_setting('server_version') as version,
            case when pg_has_role('pg_read_all_settings', 'usage')
                 then current_setting('data_directory') end as "dataDir"`,
  );
  return versionRow.parse(rows[0]);
}

async function askClient(path: string): Promise<string | undefined> {
  try {
    const { stdout } = await run('pg_dump', ['--version'], { env: { PATH: path } });
    return stdout;
  } catch {
    return undefined;
  }
}

/** The parts of a connection string as libpq takes them from its environment. */
export function connectionOf(databaseUrl: string): Record<string, string> {
  const url = new URL(databaseUrl);
  const parts = {
    PGHOST: url.hostname,
    PGPORT: url.port,
    PGUSER: decodeURIComponent(url.username),
    PGPASSWORD: decodeURIComponent(url.password),
    PGDATABASE: decodeURIComponent(basename(url.pathname)),
    PGSSLMODE: url.searchParams.get('sslmode') ?? '',
  };
  return Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== ''));
}
