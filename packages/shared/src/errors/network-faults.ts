const codes = /^(?:ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENOTFOUND)$/;

/** True when the way to a server was cut, or leads to none, whichever server it was. */
export function isNetworkFault(error: Error): boolean {
  return 'code' in error && typeof error.code === 'string' && codes.test(error.code);
}
