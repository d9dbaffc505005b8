/** SQLSTATEs by name (postgresql.org/docs/current/errcodes-appendix.html). */
export const uniqueViolation = '23505';
export const checkViolation = '23514';
export const deadlockDetected = '40P01';
export const serializationFailure = '40001';
export const lockNotAvailable = '55P03';
export const queryCanceled = '57014';

/** Every one has a digit; EPIPE, which is no SQLSTATE, has none. */
const sqlState = /^(?=.*\d)[0-9A-Z]{5}$/;

/** The SQLSTATE of an error from Postgres, looked for along its causes. */
export function sqlStateOf(error: unknown): string | undefined {
  for (let link = error; link instanceof Error; link = link.cause) {
    if ('code' in link && typeof link.code === 'string' && sqlState.test(link.code)) {
      return link.code;
    }
  }
  return undefined;
}

/** The name of the constraint that refused a row. */
export function constraintOf(error: unknown): string | undefined {
  return error instanceof Error && 'constraint' in error && typeof error.constraint === 'string'
    ? error.constraint
    : undefined;
}
