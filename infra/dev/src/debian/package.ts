import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Unpacks a package of Debian's into a folder, with the libraries that this machine still lacks: apt works
 * out which, in lists and caches of its own, so that neither a lock of the system's nor its empty lists are
 * in the way. Nothing on the machine is changed. The loser of two concurrent starts uses the winner's folder.
 */
export function unpackPackage(
  name: string,
  { folder, isThere }: { readonly folder: string; readonly isThere: () => boolean },
): void {
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
    const wanted = ['--download-only', '--yes', '--no-install-recommends', name];
    run('apt-get', [...settings, 'install', ...wanted]);
    for (const file of readdirSync(archives).filter((found) => found.endsWith('.deb'))) {
      run('dpkg-deb', ['-x', join(archives, file), draft]);
    }
    rmSync(join(draft, 'apt'), { recursive: true });
    renameSync(draft, folder);
  } catch (error) {
    if (!isThere()) {
      throw error;
    }
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

function run(command: string, args: readonly string[]): void {
  execFileSync(command, args, { stdio: ['ignore', 'ignore', 'pipe'], timeout: 90_000 });
}
