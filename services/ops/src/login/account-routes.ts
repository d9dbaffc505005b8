import formbody from '@fastify/formbody';
import { appendAudit } from '@liventix/domain/access/audit-repository';
import { findLoginAccount } from '@liventix/domain/access/people-repository';
import { endSessionsOf, type Session } from '@liventix/domain/access/session-repository';
import { type Html, html } from '@liventix/shared/html';
import type { HttpApp } from '@liventix/shared/http';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { credentialOf } from '#access/authenticate';
import { notingRefusals } from '#access/refusals';
import { type Reader, renderPage } from '#console/layout';
import { enter, goTo, sendFault, sendHtml } from '#console/page';
import type { Deps } from '#deps';
import { renderAccount, renderOffer } from '#login/account-page';
import { changePassword } from '#login/log-in';
import { actOf } from '#login/login-acts';
import {
  confirmSecondFactor,
  type GivenCode,
  offerSecondFactor,
  removeSecondFactor,
} from '#login/second-factor';
import { formTokenOf, requireFormToken, setDeviceCookie } from '#login/session-cookie';

const text = z.string().max(1_000).catch('');
const form = z.object({ form_token: text, current: text, next: text, code: text });
type Form = z.output<typeof form>;

const own = { schema: { hide: true }, config: { access: 'session' } } as const;

/** What somebody may do with their own account, whatever their role. */
export async function accountRoutes(app: HttpApp, deps: Deps): Promise<void> {
  await app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    await scope.register(formbody, { bodyLimit: 8 * 1024 });
    scope.get('/account', own, async (request, reply) => {
      const entered = await enter(deps, request);
      if (entered === undefined || entered.session.awaitsCode) {
        return await goTo(reply, '/login?to=/account');
      }
      const account = await findLoginAccount(deps.db.pool, entered.session.userId);
      const reader = readerOf(entered);
      const body = renderAccount({ hasCode: account?.asksCode === true, reader });
      return await sendHtml(reply, inShell(body, reader));
    });
    const post = (url: string, work: Work) => write(scope, deps, { url, work });
    post('/account/password', async ({ session, asked, given, reply }) => {
      const { current, next } = asked;
      const { address } = given;
      setDeviceCookie(reply, await changePassword(deps, session, { current, next, address }));
    });
    post('/account/code/offer', async ({ session, reader }) =>
      renderOffer({ ...(await offerSecondFactor(deps, session)), reader }),
    );
    post('/account/code/confirm', async ({ session, given }) => {
      await confirmSecondFactor(deps, session, given);
    });
    post('/account/code/remove', async ({ session, given }) => {
      await removeSecondFactor(deps, session, given);
    });
    post('/account/sessions/end', async ({ session }) => {
      const { userId, sessionId } = session;
      await deps.db.inTransaction(async (tx) => {
        await endSessionsOf(tx, { userId, except: sessionId });
        await appendAudit(tx, actOf(session, 'session.end_others'));
      });
    });
  });
}

interface Write {
  readonly session: Session;
  readonly reader: Reader;
  readonly asked: Form;
  readonly given: GivenCode;
  readonly reply: FastifyReply;
}

type Work = (write: Write) => Promise<Html | undefined>;

/** A form of the account page. It goes back there, unless it has something to show. */
function write(app: HttpApp, deps: Deps, { url, work }: { url: string; work: Work }): void {
  app.post(url, own, async (request, reply) => {
    const entered = await enter(deps, request);
    if (entered === undefined || entered.session.awaitsCode) {
      return await goTo(reply, '/login?to=/account');
    }
    const reader = readerOf(entered);
    try {
      const asked = form.parse(request.body ?? {});
      const { session } = entered;
      await notingRefusals(deps, { request, credential: credentialOf(session) }, async () => {
        requireFormToken(entered.token, asked.form_token);
      });
      const given = { code: asked.code, address: request.ip };
      const shown = await work({ session, reader, asked, given, reply });
      return shown === undefined
        ? await goTo(reply, '/account')
        : await sendHtml(reply, inShell(shown, reader));
    } catch (thrown) {
      return await sendFault(reply, { thrown, reader });
    }
  });
}

function readerOf({ session, token }: { session: Session; token: string }): Reader {
  return { name: session.name, role: session.role, formToken: formTokenOf(token) };
}

function inShell(body: Html, reader: Reader): string {
  return renderPage({ title: 'Account', path: '/account', reader, body: html`${body}` });
}
