import { isNetworkFault } from '#errors/network-faults';
import { lockNotAvailable, queryCanceled, sqlStateOf } from './sqlstate.ts';

const poolFaults =
  /timeout (?:exceeded|expired)|Connection terminated|Query read timeout|acquiring a connection|not queryable|Connection ended/i;

/** True when the database was away or too slow, so that trying later may help. */
export function isDatabaseFault(error: Error): boolean {
  const state = sqlStateOf(error);
  if (state !== undefined) {
    // 08 connection, 53 resources, 57 operator intervention (shutdown, cancelled by timeout).
    return /^(08|53|57)/.test(state) || state === lockNotAvailable || state === queryCanceled;
  }
  return isNetworkFault(error) || poolFaults.test(error.message);
}
