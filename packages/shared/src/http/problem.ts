import type { AppError } from '#errors/errors';

/** Every code a client can meet, with its status and title. The caller owns the table. */
export type ProblemTable = Readonly<
  Record<string, { readonly status: number; readonly title: string }>
>;

/** RFC 9457, with our stable `code` and, where there are any, `details`. */
export interface Problem {
  readonly type: 'about:blank';
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

export function toProblem(error: AppError, table: ProblemTable): Problem | undefined {
  const known = table[error.code];
  if (known === undefined) {
    return undefined;
  }
  // What a provider told us is for our log; a client gets only what our own code put together.
  const isOurs = known.status < 500;
  return {
    type: 'about:blank',
    title: known.title,
    status: known.status,
    detail: error.message,
    code: error.code,
    ...(isOurs && Object.keys(error.details).length > 0 && { details: error.details }),
  };
}
