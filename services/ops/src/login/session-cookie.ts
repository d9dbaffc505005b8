import { createHmac, timingSafeEqual } from 'node:crypto';
import { AppError } from '@liventix/shared/errors';
import { bearerOf } from '@liventix/shared/http/bearer';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { knownForMs } from '#login/known-device';

/**
 * The prefix keeps other hosts and plain HTTP from setting it (RFC 6265bis, 4.1.3.2); browsers take
 * it on localhost too. Lax, so that a link in a mail finds its reader logged in: what writes wants
 * the token besides.
 */
const cookieName = '__Host-liventix';
const deviceCookieName = '__Host-liventix-device';
const ours = { path: '/', secure: true, httpOnly: true, sameSite: 'lax' } as const;

export function sessionTokenOf(request: FastifyRequest): string | undefined {
  const token = request.cookies[cookieName];
  return token !== undefined && /^[\w-]{43}$/.test(token) ? token : undefined;
}

export function setSessionCookie(reply: FastifyReply, token: string): void {
  reply.setCookie(cookieName, token, ours);
}

export function clearSessionCookie(reply: FastifyReply): void {
  reply.clearCookie(cookieName, ours);
}

/** What the browser kept of a login with it: it outlives sessions, and opens none. */
export function keptDeviceOf(request: FastifyRequest): string | undefined {
  return request.cookies[deviceCookieName];
}

export function setDeviceCookie(reply: FastifyReply, device: string): void {
  reply.setCookie(deviceCookieName, device, { ...ours, maxAge: knownForMs / 1_000 });
}

/** What our own pages know and others cannot: it follows from the session, and says nothing of it. */
export function formTokenOf(sessionToken: string): string {
  return createHmac('sha256', sessionToken).update('liventix/form').digest('base64url');
}

/** Refuses a write that did not come from a page of ours. */
export function requireFormToken(sessionToken: string, given: unknown): void {
  const expected = Buffer.from(formTokenOf(sessionToken));
  const found = Buffer.from(typeof given === 'string' ? given : '');
  if (found.length !== expected.length || !timingSafeEqual(found, expected)) {
    throw new AppError('csrf.refused', {
      message: 'This did not come from a page of this console. Load the page again.',
      retry: 'permanent',
    });
  }
}

/**
 * Refuses a form that another site sent, before anybody is logged in. Browsers say where a request
 * comes from (Fetch Metadata); one that does not is no browser a person could be lured in.
 */
export function requireSameSite(request: FastifyRequest): void {
  const site = request.headers['sec-fetch-site'];
  const { origin, host } = request.headers;
  const isForeign =
    site === undefined
      ? origin !== undefined && origin !== 'null' && hostOf(origin) !== host
      : site !== 'same-origin' && site !== 'none';
  if (isForeign) {
    throw new AppError('csrf.refused', {
      message: 'This form was sent by another site. Open the login page itself.',
      retry: 'permanent',
    });
  }
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}

/** Refuses a write of a cookie's holder unless the browser says that a page of ours sent it. */
export function requireOwnPage(request: FastifyRequest): void {
  // As those who ask are identified: another header does not turn a cookie's holder into a key's.
  const isByKey = bearerOf(request) !== undefined;
  if (!isByKey && request.headers['sec-fetch-site'] !== 'same-origin') {
    throw new AppError('csrf.refused', {
      message: 'This did not come from a page of this console. Load the page again.',
      retry: 'permanent',
    });
  }
}
