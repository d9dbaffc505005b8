import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { unpackPackage } from './package.ts';

/**
 * Prometheus' own checker of rules: the machine's, else Debian's, unpacked under the state folder. Undefined
 * where neither is to be had: then its test is skipped, and counted as skipped.
 */
export function findPromtool(options: {
  readonly stateDir: string;
  readonly path: string;
  readonly say: (line: string) => void;
}): string | undefined {
  const folder = join(options.stateDir, 'prometheus');
  const unpacked = join(folder, 'usr', 'bin', 'promtool');
  const known = [...options.path.split(delimiter).map((path) => join(path, 'promtool')), unpacked];
  const found = known.find((file) => existsSync(file));
  if (found !== undefined) {
    return found;
  }
  try {
    options.say("Fetching Debian's prometheus (once)");
    unpackPackage('prometheus', { folder, isThere: () => existsSync(unpacked) });
    return unpacked;
  } catch {
    return undefined;
  }
}
