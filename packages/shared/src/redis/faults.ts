const networkCodes = /^(?:ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENOTFOUND)$/;
const faults =
  /Command timed out|Connection is closed|isn't writeable|max retries per request|^(?:LOADING|READONLY|CLUSTERDOWN|MASTERDOWN|OOM) /;

/** True when Redis was away, too slow or takes nothing now, so that trying later may help. */
export function isRedisFault(error: Error): boolean {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return networkCodes.test(code) || faults.test(error.message);
}
