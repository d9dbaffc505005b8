import { isDatabaseFault } from '#db/faults';
import { sqlStateOf } from '#db/sqlstate';

/**
 * What to do with a batch that failed. `split`: some request's data is refused (SQLSTATE class 22
 * data exception, 23 integrity), so the others go without it. `again`: the connection broke, the
 * server was busy or stopping, or a race was lost (08, 40, 53, 55, 57), and a COMMIT may have gone
 * through all the same. `fail`: a fault of ours, which trying again does not mend.
 */
export type Verdict = 'split' | 'again' | 'fail';

export function judgeFault(error: Error): Verdict {
  const state = sqlStateOf(error);
  if (state !== undefined) {
    if (/^2[23]/.test(state)) {
      return 'split';
    }
    return /^(08|40|53|55|57)/.test(state) ? 'again' : 'fail';
  }
  return linksOf(error).some(isDatabaseFault) ? 'again' : 'fail';
}

/** The error and what caused it. */
function linksOf(error: Error): Error[] {
  return error.cause instanceof Error ? [error, ...linksOf(error.cause)] : [error];
}
