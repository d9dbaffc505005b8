import type { FastifySchemaCompiler, FastifySerializerCompiler } from 'fastify';
import type { z } from 'zod';
import { AppError } from '#errors/errors';
import { fieldCodes } from './operation.ts';
import { parseRequest } from './parse-request.ts';

/**
 * Bodies and queries are parsed by their schema. Ids in paths and headers are left to the handlers,
 * where a malformed id is as unknown as a foreign one.
 */
export const validateRequest: FastifySchemaCompiler<z.ZodType> = ({ schema, httpPart }) => {
  if (httpPart !== 'body' && httpPart !== 'querystring') {
    return (value) => ({ value });
  }
  const codes = fieldCodes(schema);
  return (value) => {
    try {
      refuseUnstorable(value);
      return { value: parseRequest(schema, value, codes) };
    } catch (error) {
      return { error: error as Error };
    }
  };
};

/** Far more levels than any body of ours has, and far fewer than a stack. */
const levelsMax = 32;

/** Postgres takes neither NUL nor half a surrogate pair in a text, and nothing here nests for ever. */
function refuseUnstorable(value: unknown, level = 0): void {
  if (typeof value === 'string' && (value.includes('\0') || !value.isWellFormed())) {
    throw invalid('A text has a character that is none: NUL, or half of a surrogate pair.');
  }
  if (value !== null && typeof value === 'object') {
    if (level === levelsMax) {
      throw invalid(`It is nested more than ${levelsMax} levels deep.`);
    }
    for (const part of Object.values(value)) {
      refuseUnstorable(part, level + 1);
    }
  }
}

function invalid(message: string): AppError {
  return new AppError('request.invalid', { message, retry: 'permanent' });
}

/** Answers are held to their schema by the compiler and by the tests, not again on each request. */
export const serializeAnswer: FastifySerializerCompiler<unknown> = () => (answer) =>
  JSON.stringify(answer);
