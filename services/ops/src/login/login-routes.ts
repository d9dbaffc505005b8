import formbody from '@fastify/formbody';
import { appendAudit } from '@liventix/domain/access/audit-repository';
import { endSession, findLoginLink } from '@liventix/domain/access/session-repository';
import { AppError } from '@liventix/shared/errors';
import { html } from '@liventix/shared/html';
import type { HttpApp } from '@liventix/shared/http';
import { observeProblem } from '@liventix/shared/telemetry/metrics';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { credentialOf } from '#access/authenticate';
import { notingRefusals } from '#access/refusals';
import { renderCard, sectionsFor } from '#console/layout';
import { enter, goTo, sendFault, sendHtml } from '#console/page';
import type { Deps } from '#deps';
import { renderLinkPage } from '#login/link-page';
import { type Begun, followLink, giveCode, logIn } from '#login/log-in';
import { actOf } from '#login/login-acts';
import { renderCodePage, renderLoginPage } from '#login/login-page';
import {
  clearSessionCookie,
  keptDeviceOf,
  requireFormToken,
  requireSameSite,
  setDeviceCookie,
  setSessionCookie,
} from '#login/session-cookie';

const text = z.string().max(1_000).catch('');
const loginForm = z.object({ email: text, password: text, to: text });
const codeForm = z.object({ code: text, to: text });
const logoutForm = z.object({ form_token: text });
const linkForm = z.object({ password: text.optional() });
const anyone = { schema: { hide: true }, config: { access: 'anyone' } } as const;
const byToken = { schema: { hide: true }, config: { access: 'token_in_path' } } as const;

/** Logging in and out. Nothing here says whether an address is known. */
export async function loginRoutes(app: HttpApp, deps: Deps): Promise<void> {
  app.get('/', anyone, async (request, reply) => await goTo(reply, await homeOf(deps, request)));
  await app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    await scope.register(formbody, { bodyLimit: 8 * 1024 });
    passwordRoutes(scope, deps);
    codeRoutes(scope, deps);
    linkRoutes(scope, deps);
    logoutRoute(scope, deps);
  });
}

function passwordRoutes(app: HttpApp, deps: Deps): void {
  app.get('/login', anyone, async (request, reply) => {
    const { to = '' } = z.object({ to: text.optional() }).parse(request.query);
    return await sendHtml(reply, renderLoginPage({ to: innerPath(to) }));
  });
  app.post('/login', anyone, async (request, reply) => {
    const { email, password, to } = loginForm.parse(request.body ?? {});
    const again = (refusal: string) => renderLoginPage({ to: innerPath(to), email, refusal });
    return await refusing(reply, again, async () => {
      requireSameSite(request);
      const given = { email, password, ...placeOf(request) };
      const begun = await logIn(deps, given, await present(deps, request));
      letIn(reply, begun);
      return await goTo(reply, begun.awaitsCode ? codePath(to) : innerPath(to));
    });
  });
}

function codeRoutes(app: HttpApp, deps: Deps): void {
  app.get('/login/code', anyone, async (request, reply) => {
    const { to = '' } = z.object({ to: text.optional() }).parse(request.query);
    const entered = await enter(deps, request);
    return entered?.session.awaitsCode === true
      ? await sendHtml(reply, renderCodePage({ to: innerPath(to) }))
      : await goTo(reply, '/login');
  });
  app.post('/login/code', anyone, async (request, reply) => {
    const { code, to } = codeForm.parse(request.body ?? {});
    const again = (refusal: string) => renderCodePage({ to: innerPath(to), refusal });
    return await refusing(reply, again, async () => {
      requireSameSite(request);
      const entered = await enter(deps, request);
      if (entered?.session.awaitsCode !== true) {
        return await goTo(reply, '/login');
      }
      const begun = await giveCode(deps, entered.session, { code, address: request.ip });
      letIn(reply, begun);
      return await goTo(reply, innerPath(to));
    });
  });
}

function linkRoutes(app: HttpApp, deps: Deps): void {
  const find = async (request: FastifyRequest) => {
    const { token } = z.object({ token: z.string() }).parse(request.params);
    return { token, link: await findLoginLink(deps.db.pool, token) };
  };
  app.get('/login/link/:token', byToken, async (request, reply) => {
    const { token, link } = await find(request);
    return link === undefined
      ? await sendHtml(reply.code(404), renderDeadLink())
      : await sendHtml(reply, renderLinkPage({ token, ...link }));
  });
  app.post('/login/link/:token', byToken, async (request, reply) => {
    const { token, link } = await find(request);
    const { password } = linkForm.parse(request.body ?? {});
    const again = (refusal: string) =>
      link === undefined ? renderDeadLink() : renderLinkPage({ token, ...link, refusal });
    return await refusing(reply, again, async () => {
      requireSameSite(request);
      const begun = await followLink(deps, { token, password }, await present(deps, request));
      letIn(reply, begun);
      return await goTo(reply, begun.awaitsCode ? '/login/code' : '/');
    });
  });
}

function logoutRoute(app: HttpApp, deps: Deps): void {
  app.post('/logout', anyone, async (request, reply) => {
    const entered = await enter(deps, request);
    try {
      if (entered !== undefined) {
        const { session, token } = entered;
        const attempt = { request, credential: credentialOf(session) };
        await notingRefusals(deps, attempt, async () => {
          requireFormToken(token, logoutForm.parse(request.body ?? {}).form_token);
        });
        await deps.db.inTransaction(async (tx) => {
          await endSession(tx, session.sessionId);
          await appendAudit(tx, actOf(session, 'session.end'));
        });
      }
    } catch (thrown) {
      return await sendFault(reply, { thrown });
    }
    clearSessionCookie(reply);
    return await goTo(reply, '/login');
  });
}

function placeOf(request: FastifyRequest) {
  return { address: request.ip, kept: keptDeviceOf(request) };
}

function letIn(reply: FastifyReply, { token, device }: Begun): void {
  setSessionCookie(reply, token);
  if (device !== undefined) {
    setDeviceCookie(reply, device);
  }
}

/** The session that the browser comes with: a login ends it and begins another. */
async function present(
  deps: Deps,
  request: FastifyRequest,
): Promise<{ readonly replaced: string | undefined }> {
  return { replaced: (await enter(deps, request))?.session.sessionId };
}

/** A refusal is shown on the form it came from, under its own status. */
async function refusing(
  reply: FastifyReply,
  again: (refusal: string) => string,
  work: () => Promise<FastifyReply>,
): Promise<FastifyReply> {
  const statuses: Readonly<Record<string, number>> = {
    'login.failed': 401,
    'login.code_wrong': 401,
    'login.too_many': 429,
    'login.busy': 503,
    'login.link_dead': 404,
    'password.refused': 422,
  };
  try {
    return await work();
  } catch (thrown) {
    const status = thrown instanceof AppError ? statuses[thrown.code] : undefined;
    if (!(thrown instanceof AppError) || status === undefined) {
      return await sendFault(reply, { thrown });
    }
    observeProblem(thrown.code);
    const { retryAfterS } = thrown.details;
    if (typeof retryAfterS === 'number') {
      reply.header('retry-after', retryAfterS);
    }
    return await sendHtml(reply.code(status), again(thrown.message));
  }
}

async function homeOf(deps: Deps, request: FastifyRequest): Promise<string> {
  const entered = await enter(deps, request);
  return entered === undefined
    ? '/login'
    : (sectionsFor(entered.session.role)[0]?.href ?? '/account');
}

/** A path of this console; anything else that an address asks for leads to the beginning. */
function innerPath(to: string): string {
  return /^\/(?:console|queues|mend|account)[\w/?=&%.+-]*$/.test(to) ? to : '/';
}

function codePath(to: string): string {
  return `/login/code?to=${encodeURIComponent(innerPath(to))}`;
}

function renderDeadLink(): string {
  return renderCard({
    title: 'This link works no more',
    body: html`<p>It was used, has expired or was replaced by a newer one. Ask for another.</p><p><a href="/login">Log in</a></p>`,
  });
}
