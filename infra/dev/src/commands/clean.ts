import { rmSync } from 'node:fs';
import { elsewhereOf } from '#postgres/binaries';
import { checkoutId, stateDir } from '#stack/places';
import { isAnyRunning } from '#stack/slot';
import { say } from './terminal.ts';

/** Removes all that runs have left: data, logs, secrets, caches and the toolchain. */
export function clean(): void {
  if (isAnyRunning()) {
    throw new Error('a stack of this checkout is running: stop it first');
  }
  for (const folder of [stateDir, elsewhereOf(checkoutId)]) {
    rmSync(folder, { recursive: true, force: true });
    say(`removed ${folder}`);
  }
}
