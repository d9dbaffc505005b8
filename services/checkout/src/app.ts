import { problems } from '@liventix/contracts/problems';
import { buildHttpApp, type HttpApp } from '@liventix/shared/http';
import { registerHealth } from '@liventix/shared/http/health';
import { availabilityRoutes } from '#availability/availability-routes';
import type { Deps } from '#deps';
import { eventsRoutes } from '#events/events-routes';
import { orderFiles } from '#files/order-files';
import { ticketFiles } from '#files/ticket-files';
import { holdsRoutes } from '#holds/holds-routes';
import { addressForm, addressRoutes } from '#orders/address-routes';
import { orderPageRoutes } from '#orders/order-page-routes';
import { ordersRoutes } from '#orders/orders-routes';
import { takeForms } from '#pages/forms';
import { problemPage } from '#pages/page';
import { refundPageRoutes } from '#refunds/refund-page-routes';
import { refundRequestsRoutes } from '#refunds/refund-requests-routes';
import { ticketsRoutes } from '#tickets/tickets-routes';
import { handoverForms } from '#transfers/handover-forms';
import { handoverPages } from '#transfers/handover-pages';
import { transfersRoutes } from '#transfers/transfers-routes';
import { walletsRoutes } from '#wallets/wallets-routes';

const api = {
  title: 'Liventix checkout',
  description:
    'Hold tickets, pay for them on the payment page, and show them. Amounts are whole minor units of the currency (cents; yen; a thousandth of a dinar). A hold, an order and a ticket each come with a token: send it as `Authorization: Bearer`. Errors are problem documents (RFC 9457) with a stable `code`.',
  credentials: {
    hold_token: 'The `token` of a hold.',
    order_token: 'The `token` of an order.',
    ticket_token: 'The `token` of a ticket.',
    transfer_token: 'The token of an offer, which whom it was made to has by mail.',
    wallet_token: 'The token of a wallet, which its owner has by mail.',
  },
};

/** Builds the HTTP side without listening, so that tests can inject requests. */
export async function buildApp(deps: Deps): Promise<HttpApp> {
  const { config } = deps;
  const app = await buildHttpApp({
    name: 'checkout',
    log: deps.log,
    problems,
    problemPage,
    api,
    corsOrigins: config.CORS_ORIGINS,
    trustedProxies: config.TRUSTED_PROXIES,
    rateLimit: { redis: deps.redis, perMinute: config.RATE_LIMIT_PER_MINUTE },
  });
  registerHealth(app, { database: async () => await deps.db.pool.raw('select 1') });
  eventsRoutes(app, deps);
  availabilityRoutes(app, deps);
  holdsRoutes(app, deps);
  ordersRoutes(app, deps);
  refundRequestsRoutes(app, deps);
  orderPageRoutes(app, deps);
  ticketsRoutes(app, deps);
  ticketFiles(app, deps);
  orderFiles(app, deps);
  walletsRoutes(app, deps);
  transfersRoutes(app, deps);
  handoverPages(app, deps);
  addressRoutes(app, deps);
  await takeForms(app, (scope) => {
    refundPageRoutes(scope, deps);
    addressForm(scope, deps);
    handoverForms(scope, deps);
  });
  return app;
}
