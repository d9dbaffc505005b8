import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

export interface RedisServer {
  readonly command: string;
  readonly env: Readonly<Record<string, string>>;
}

const names = ['redis-server', 'valkey-server'];
const searched = ['/usr/bin', '/usr/local/bin', '/opt/homebrew/bin', '/usr/sbin'];

/**
 * A Redis server: the machine's, else Debian's package, installed as root or unpacked under the
 * state folder by an ordinary user.
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
  const install = process.getuid?.() === 0 ? installPackage : () => unpackPackage(unpacked);
  try {
    options.say("Fetching Debian's redis-server (once)");
    install();
  } catch (error) {
    const why = error instanceof Error ? error.message.split('\n')[0] : String(error);
    throw new Error(
      `There is no redis-server or valkey-server here, and Debian's package could not be fetched (${why}). Install Redis 6.2 or newer, or set REDIS_URL.`,
      { cause: error },
    );
  }
  const found = onMachine(options.path) ?? inFolder(unpacked);
  if (found === undefined) {
    throw new Error('redis-server was installed but cannot be found. Set REDIS_URL.');
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
  const command = ['redis-server', 'redis-check-rdb']
    .map((name) => join(folder, 'usr', 'bin', name))
    .find((file) => existsSync(file));
  if (command === undefined) {
    return undefined;
  }
  const libraries = join(folder, 'usr', 'lib');
  const places = existsSync(libraries)
    ? readdirSync(libraries).map((name) => join(libraries, name))
    : [];
  return { command, env: { LD_LIBRARY_PATH: [libraries, ...places].join(':') } };
}

const quiet = { stdio: ['ignore', 'ignore', 'pipe'] as ['ignore', 'ignore', 'pipe'] };

/** Debian would start a service on 6379; this policy file, while it stands, says no. */
function installPackage(): void {
  const policy = '/usr/sbin/policy-rc.d';
  const isOurs = !existsSync(policy);
  if (isOurs) {
    writeFileSync(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  }
  try {
    execFileSync('apt-get', ['update'], quiet);
    execFileSync('apt-get', ['install', '-y', '--no-install-recommends', 'redis-server'], {
      ...quiet,
      env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', DEBIAN_FRONTEND: 'noninteractive' },
    });
  } finally {
    if (isOurs) {
      rmSync(policy, { force: true });
    }
  }
}

/** redis-server is a link to redis-check-rdb of redis-tools; these are the libraries ldd names. */
const packages = ['redis-tools', 'libjemalloc2', 'liblua5.1-0', 'liblzf1', 'libatomic1'];

function unpackPackage(folder: string): void {
  const downloads = join(folder, 'downloads');
  mkdirSync(downloads, { recursive: true });
  execFileSync('apt-get', ['download', ...packages], { ...quiet, cwd: downloads });
  for (const file of readdirSync(downloads)) {
    execFileSync('dpkg-deb', ['-x', join(downloads, file), folder], quiet);
  }
}
