import type { z } from 'zod';
import { AppError } from '#errors/errors';

export interface FieldCodes {
  /** Path pattern to error code, `*` for any index: { 'items.*.quantity': '…' }. */
  readonly [pattern: string]: string;
}

/**
 * A body, query or path parsed by its schema, or an AppError a client can act on: which field, and
 * what is wrong with it. A field that has a code of its own in `codes` decides the error's code.
 */
export function parseRequest<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  codes: FieldCodes = {},
): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) {
    return result.data;
  }
  const errors = result.error.issues.map((issue) => ({
    path: issue.path.join('.'),
    message: issue.message,
  }));
  const [first] = errors;
  const message = first === undefined ? 'It has the wrong form.' : sentence(first);
  throw new AppError(codeOf(result.error.issues, codes), {
    message,
    retry: 'permanent',
    details: { errors },
  });
}

function sentence(error: { path: string; message: string }): string {
  return error.path === '' ? error.message : `${error.path}: ${error.message}`;
}

function codeOf(issues: readonly z.core.$ZodIssue[], codes: FieldCodes): string {
  for (const issue of issues) {
    const pattern = issue.path.map((part) => (typeof part === 'number' ? '*' : part)).join('.');
    const code = codes[pattern];
    if (code !== undefined) {
      return code;
    }
  }
  return issues.some((issue) => issue.code === 'unrecognized_keys')
    ? 'request.unknown_field'
    : 'request.invalid';
}
