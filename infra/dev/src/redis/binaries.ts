import { existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { unpackPackage } from '#debian/package';

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
    unpackPackage('redis-server', {
      folder: unpacked,
      isThere: () => inFolder(unpacked) !== undefined,
    });
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
