import { problems } from '@liventix/contracts/problems';
import type { Action } from '@liventix/domain/access';
import type { Credential } from '@liventix/domain/access/repository';
import { findSession, type Session } from '@liventix/domain/access/session-repository';
import { AppError, coerceError } from '@liventix/shared/errors';
import { type Html, html } from '@liventix/shared/html';
import type { HttpApp, ProblemPage } from '@liventix/shared/http';
import { observeProblem } from '@liventix/shared/telemetry/metrics';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { credentialOf, requireAction } from '#access/authenticate';
import { type Reader, renderCard, renderPage } from '#console/layout';
import type { Deps } from '#deps';
import { formTokenOf, sessionTokenOf } from '#login/session-cookie';

/** Scripts, styles and forms of our own, and nothing else of anybody's. */
export const pagePolicy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/** A problem without anybody's name and sections: what it is may be that nobody can be looked up. */
export const problemPage: ProblemPage = ({ title, detail }) => ({
  policy: pagePolicy,
  html: renderCard({ title, body: faultOf(detail) }),
});

/** Somebody who is logged in, on a page. */
export interface Visit<Query> {
  readonly session: Session;
  readonly credential: Credential;
  readonly reader: Reader;
  readonly params: { readonly id?: string };
  readonly query: z.output<Query>;
}

interface PageSpec<Query extends z.ZodObject> {
  readonly url: string;
  readonly action: Action;
  /** What the address may ask besides; what it may not is left out. */
  readonly query?: Query;
  readonly render: (visit: Visit<Query>) => Promise<{ title: string; body: Html }>;
}

/** Registers a page of the console, for people who are logged in and may see it. */
export function page<Query extends z.ZodObject>(
  app: HttpApp,
  deps: Deps,
  spec: PageSpec<Query>,
): void {
  const options = {
    schema: { hide: true },
    config: { access: 'session', action: spec.action },
  } as const;
  app.get(spec.url, options, async (request, reply) => {
    const entered = await enter(deps, request);
    if (entered === undefined) {
      return await goTo(reply, `/login?to=${encodeURIComponent(request.url)}`);
    }
    const { session, token } = entered;
    if (session.awaitsCode) {
      return await goTo(reply, '/login/code');
    }
    const credential = credentialOf(session);
    const { name, role } = session;
    const reader = { name, role, formToken: formTokenOf(token) };
    try {
      requireAction(credential, spec.action);
      const query = (spec.query ?? z.object({})).parse(request.query) as z.output<Query>;
      const params = request.params as { readonly id?: string };
      const { title, body } = await spec.render({ session, credential, reader, params, query });
      const path = request.url.split('?')[0] ?? '';
      return await sendHtml(reply, renderPage({ title, path, reader, body }));
    } catch (thrown) {
      return await sendFault(reply, { thrown, reader });
    }
  });
}

/** The session that a request comes with, whole or half, and its token. */
export async function enter(
  deps: Pick<Deps, 'db'>,
  request: FastifyRequest,
): Promise<{ readonly session: Session; readonly token: string } | undefined> {
  const token = sessionTokenOf(request);
  const session = token === undefined ? undefined : await findSession(deps.db.pool, token);
  return token === undefined || session === undefined ? undefined : { session, token };
}

export async function sendHtml(reply: FastifyReply, text: string): Promise<FastifyReply> {
  return await reply
    .type('text/html; charset=utf-8')
    .header('content-security-policy', pagePolicy)
    .header('cross-origin-opener-policy', 'same-origin')
    .send(text);
}

export async function goTo(reply: FastifyReply, path: string): Promise<FastifyReply> {
  return await reply.redirect(path, 303);
}

/** A refusal as a page; what we did not foresee goes on to the log. */
export async function sendFault(
  reply: FastifyReply,
  { thrown, reader }: { readonly thrown: unknown; readonly reader?: Reader },
): Promise<FastifyReply> {
  if (thrown instanceof z.ZodError) {
    return await sendFault(reply, {
      thrown: new AppError('request.invalid', {
        message: 'This address asks for something that cannot be asked.',
        retry: 'permanent',
      }),
      ...(reader !== undefined && { reader }),
    });
  }
  const error = coerceError(thrown);
  const known = error instanceof AppError ? problemOf(error.code) : undefined;
  if (!(error instanceof AppError) || known === undefined) {
    throw error;
  }
  observeProblem(error.code);
  const body = faultOf(error.message);
  const { title, status } = known;
  reply.code(status);
  const text =
    reader === undefined
      ? renderCard({ title, body })
      : renderPage({ title, path: '', reader, body: html`<h1>${title}</h1>${body}` });
  return await sendHtml(reply, text);
}

function faultOf(message: string): Html {
  return html`<p class="notice">${message}</p><p><a href="/">Back to the beginning</a></p>`;
}

function problemOf(code: string): { status: number; title: string } | undefined {
  return Object.entries(problems).find(([known]) => known === code)?.[1];
}
