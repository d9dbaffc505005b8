import { AppError } from '@liventix/shared/errors';
import { bearerOf } from '@liventix/shared/http/bearer';
import type { Tokens } from '@liventix/shared/tokens';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';

export type TokenKind = 'hold' | 'order' | 'ticket' | 'wallet' | 'transfer';

const path = z.object({ id: z.uuid() });

/**
 * The id in the path, when the bearer token is for exactly that object. A token of another object
 * gets the answer that an unknown object gets. The caller compares the version with the row's.
 */
export function authorizedId(
  tokens: Tokens,
  request: FastifyRequest,
  kind: TokenKind,
): { id: string; version: number } {
  const token = bearerOf(request);
  if (token === undefined) {
    throw new AppError('token.missing', {
      message: `Send the ${kind}'s token as "Authorization: Bearer …".`,
      retry: 'permanent',
    });
  }
  const named = tokenSubject(tokens, token, kind);
  const { data } = path.safeParse(request.params);
  if (data?.id !== named.id) {
    throw new AppError(`${kind}.not_found`, {
      message: `There is no such ${kind}.`,
      retry: 'permanent',
    });
  }
  return named;
}

/** What a token of this kind names; anything we did not issue is refused. */
export function tokenSubject(
  tokens: Tokens,
  token: string,
  kind: TokenKind,
): { id: string; version: number } {
  const named = tokens.verify(token, kind);
  if (named === undefined) {
    throw new AppError('token.invalid', {
      message: `This is not a ${kind} token of ours.`,
      retry: 'permanent',
    });
  }
  return named;
}
