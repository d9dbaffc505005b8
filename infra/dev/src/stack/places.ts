import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of the checkout. */
export const root = fileURLToPath(new URL('../../../..', import.meta.url)).replace(/\/$/, '');

/** Everything a run leaves behind lies here, and `clean` removes it. */
export const stateDir = join(root, '.liventix');

/** A folder for each stack that runs. */
export const runsDir = join(stateDir, 'run');

/** A name for what must lie outside the checkout. */
export const checkoutId = createHash('sha256').update(root).digest('hex').slice(0, 12);
