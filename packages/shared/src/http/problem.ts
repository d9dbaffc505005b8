import { z } from 'zod';
import type { AppError } from '#errors/errors';

/** Every code a client can meet, with its status and title. The caller owns the table. */
export type ProblemTable = Readonly<
  Record<string, { readonly status: number; readonly title: string }>
>;

/** RFC 9457, with our stable `code` and, where there are any, `details`. */
export const problemDocument = z.object({
  type: z.literal('about:blank'),
  title: z.string(),
  status: z.int().min(400).max(599),
  detail: z.string(),
  code: z.string(),
  details: z.record(z.string(), z.unknown()).optional(),
});
export type Problem = z.output<typeof problemDocument>;

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
