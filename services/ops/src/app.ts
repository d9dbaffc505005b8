import cookie from '@fastify/cookie';
import { problems } from '@liventix/contracts/problems';
import { buildHttpApp, type HttpApp } from '@liventix/shared/http';
import { registerHealth } from '@liventix/shared/http/health';
import { alertsRoutes } from '#alerts/alerts-routes';
import { booksRoutes } from '#books/books-routes';
import { codesRoutes } from '#codes/codes-routes';
import { assetRoutes } from '#console/assets';
import { problemPage } from '#console/page';
import { consolePages } from '#console/pages';
import type { Deps } from '#deps';
import { disputesRoutes } from '#disputes/disputes-routes';
import { doorRoutes } from '#door/door-routes';
import { eventsRoutes } from '#events/events-routes';
import { guestsRoutes } from '#guests/guests-routes';
import { incidentsRoutes } from '#incidents/incidents-routes';
import { accountRoutes } from '#login/account-routes';
import { loginRoutes } from '#login/login-routes';
import { mailsRoutes } from '#mails/mails-routes';
import { messagesRoutes } from '#messages/messages-routes';
import { ordersRoutes } from '#orders/orders-routes';
import { organizationRoutes } from '#organization/organization-routes';
import { keysRoutes } from '#people/keys-routes';
import { peopleRoutes } from '#people/people-routes';
import { privacyRoutes } from '#privacy/privacy-routes';
import { mountBoard } from '#queues/board';
import { byHandRoutes } from '#refunds/by-hand-routes';
import { refundsRoutes } from '#refunds/refunds-routes';
import { walletsRoutes } from '#wallets/wallets-routes';

const api = {
  title: 'Liventix operations',
  description:
    'For those who sell and support. Send an API key as `Authorization: Bearer`; `x-roles` of each operation says which roles may call it; a key that has scopes may call only those within them. People who are logged in to the console may call the same operations from its pages. What another organization has does not exist for yours.',
  credentials: { api_key: 'An API key of the organization, which has a role.' },
};

/** Builds the HTTP side without listening, so that tests can inject requests. */
export async function buildApp(deps: Deps): Promise<HttpApp> {
  const { config } = deps;
  const app = await buildHttpApp({
    name: 'ops',
    log: deps.log,
    problems,
    problemPage,
    api,
    trustedProxies: config.TRUSTED_PROXIES,
    rateLimit: { redis: deps.redis, perMinute: config.RATE_LIMIT_PER_MINUTE },
  });
  registerHealth(app, { database: async () => await deps.db.pool.raw('select 1') });
  await app.register(cookie);
  assetRoutes(app);
  await loginRoutes(app, deps);
  await accountRoutes(app, deps);
  eventsRoutes(app, deps);
  codesRoutes(app, deps);
  doorRoutes(app, deps);
  guestsRoutes(app, deps);
  ordersRoutes(app, deps);
  refundsRoutes(app, deps);
  byHandRoutes(app, deps);
  disputesRoutes(app, deps);
  walletsRoutes(app, deps);
  booksRoutes(app, deps);
  alertsRoutes(app, deps);
  incidentsRoutes(app, deps);
  messagesRoutes(app, deps);
  mailsRoutes(app, deps);
  organizationRoutes(app, deps);
  peopleRoutes(app, deps);
  keysRoutes(app, deps);
  privacyRoutes(app, deps);
  consolePages(app, deps);
  await mountBoard(app, deps);
  return app;
}
