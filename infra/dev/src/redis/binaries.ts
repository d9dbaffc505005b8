import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { delimiter, join } from 'node:path';

export interface RedisServer {
  readonly command: string;
  readonly env: Readonly<Record<string, string>>;
}

const names = ['redis-server', 'valkey-server'];
const searched = ['/usr/bin', '/usr/local/bin', '/opt/homebrew/bin', '/usr/sbin'];

/**
 * A Redis server: the machine's, else Debian's package unpacked under the state folder. Nothing on
 * the machine is changed, so root and an ordinary user go the same way.
 */
export function findRedis(options: {
  readonly stateDir: string;
  readonly path: string;
  readonly say: (line: string) => void;
}): RedisServer {
  const unpacked = join(options.stateDir, 'redis');
  const known = onMachine(options.path) ?? inFolder(unpacked);
  if (known !== undefined) {
    return known;
  }
  try {
    options.say("Fetching Debian's redis-server (once)");
    unpackPackage(unpacked);
  } catch (error) {
    const why = error instanceof Error ? error.message.trim().split('\n').join(' ') : String(error);
    throw new Error(
      `There is no redis-server or valkey-server here, and Debian's package could not be fetched (${why}). Install Redis 6.2 or newer, or set REDIS_URL.`,
      { cause: error },
    );
  }
  const found = inFolder(unpacked);
  if (found === undefined) {
    throw new Error(`${unpacked} has no redis-server. Remove that folder, or set REDIS_URL.`);
  }
  return found;
}

function onMachine(path: string): RedisServer | undefined {
  for (const folder of [...path.split(delimiter), ...searched]) {
    const command = names.map((name) => join(folder, name)).find((file) => existsSync(file));
    if (command !== undefined) {
      return { command, env: {} };
    }
  }
  return undefined;
}

function inFolder(folder: string): RedisServer | undefined {
  const command = join(folder, 'usr', 'bin', 'redis-server');
  if (!existsSync(command)) {
    return undefined;
  }
  const libraries = join(folder, 'usr', 'lib');
  const places = readdirSync(libraries).map((name) => join(libraries, name));
  return { command, env: { LD_LIBRARY_PATH: [libraries, ...places].join(':') } };
}

/**
 * apt works out which libraries this machine still lacks, in lists and caches of its own, so that
 * neither a lock of the system's nor its empty lists are in the way. The loser of two concurrent
 * starts uses the winner's folder.
 */
function unpackPackage(folder: string): void {
  const draft = `${folder}.new.${process.pid}`;
  const lists = join(draft, 'apt', 'lists');
  const archives = join(draft, 'apt', 'cache', 'archives');
  mkdirSync(join(lists, 'partial'), { recursive: true });
  mkdirSync(join(archives, 'partial'), { recursive: true });
  const settings = [
    `Dir::State::Lists=${lists}`,
    `Dir::Cache=${join(draft, 'apt', 'cache')}`,
    'Debug::NoLocking=1',
    'APT::Sandbox::User=',
    'Acquire::http::Timeout=20',
  ].flatMap((setting) => ['-o', setting]);
  try {
    run('apt-get', [...settings, 'update']);
    const wanted = ['--download-only', '--yes', '--no-install-recommends', 'redis-server'];
    run('apt-get', [...settings, 'install', ...wanted]);
    for (const file of readdirSync(archives).filter((name) => name.endsWith('.deb'))) {
      run('dpkg-deb', ['-x', join(archives, file), draft]);
    }
    rmSync(join(draft, 'apt'), { recursive: true });
    renameSync(draft, folder);
  } catch (error) {
    if (inFolder(folder) === undefined) {
      throw error;
    }
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

function run(command: string, args: readonly string[]): void {
  execFileSync(command, args, { stdio: ['ignore', 'ignore', 'pipe'], timeout: 90_000 });
}
