import type { Action, Role } from '@liventix/domain/access';

/** What each role may do, said once more than the code says it. */
export const mayDoByRole: Readonly<Record<Role, readonly Action[]>> = {
  owner: [
    'organization.write',
    'people.write',
    'events.write',
    'events.read',
    'door.write',
    'orders.mend',
    'orders.refund',
    'queues.mend',
    'privacy.handle',
    'read',
  ],
  support: ['events.read', 'orders.mend', 'orders.refund', 'read'],
  finance: ['events.read', 'orders.refund', 'read'],
  door: ['events.read', 'door.write'],
  read_only: ['events.read', 'read'],
};

/** What an address names, when it names something. */
export const kinds = [
  'event',
  'tier',
  'pool',
  'order',
  'payment',
  'refund',
  'dispute',
  'message',
  'incident',
  'promo',
  'access_code',
  'device',
  'wallet',
  'person',
  'api_key',
] as const;
export type Kind = (typeof kinds)[number];

interface Row {
  readonly way: 'api' | 'page' | 'own';
  readonly action?: Action;
  /** What its parameter names: asked for by another organization, there is no such thing. */
  readonly of?: Kind;
}

/** A token is what somebody has, not what an organization has. */
type RowOf<Route> = Route extends `${string}/:token`
  ? Row & { readonly of?: never }
  : Route extends `${string}/:${string}`
    ? Row & { readonly of: Kind }
    : Row & { readonly of?: never };

function rows<const Route extends string>(
  table: {
    readonly [R in Route]: RowOf<R>;
  },
): Readonly<Record<string, Row>> {
  return table;
}

/**
 * Every route of ops but the boards', and what it lets somebody do: `api` by key or session, `page` by
 * session alone, `own` for anybody about themselves. A route that is not here fails the matrix test, one
 * whose parameter has no kind does not compile.
 */
export const matrix = rows({
  'GET /': { way: 'own' },
  'GET /account': { way: 'own' },
  'GET /admin/v1/alerts': { way: 'api', action: 'read' },
  'GET /admin/v1/api-keys': { way: 'api', action: 'people.write' },
  'GET /admin/v1/audit-log': { way: 'api', action: 'read' },
  'GET /admin/v1/books': { way: 'api', action: 'read' },
  'GET /admin/v1/books/entries.csv': { way: 'api', action: 'read' },
  'GET /admin/v1/disputes': { way: 'api', action: 'read' },
  'GET /admin/v1/disputes/:id': { way: 'api', action: 'orders.refund', of: 'dispute' },
  'GET /admin/v1/events': { way: 'api', action: 'events.read' },
  'GET /admin/v1/events/:id': { way: 'api', action: 'events.read', of: 'event' },
  'GET /admin/v1/events/:id/access-codes': { way: 'api', action: 'read', of: 'event' },
  'GET /admin/v1/events/:id/devices': { way: 'api', action: 'events.read', of: 'event' },
  'GET /admin/v1/events/:id/door': { way: 'api', action: 'events.read', of: 'event' },
  'GET /admin/v1/events/:id/guests.csv': { way: 'api', action: 'read', of: 'event' },
  'GET /admin/v1/events/:id/promo-codes': { way: 'api', action: 'read', of: 'event' },
  'GET /admin/v1/events/:id/refunds': { way: 'api', action: 'read', of: 'event' },
  'GET /admin/v1/health-snapshot': { way: 'api', action: 'read' },
  'GET /admin/v1/incidents': { way: 'api', action: 'read' },
  'GET /admin/v1/mail-delivery': { way: 'api', action: 'read' },
  'GET /admin/v1/messages/dead': { way: 'api', action: 'read' },
  'GET /admin/v1/orders': { way: 'api', action: 'read' },
  'GET /admin/v1/orders/:id': { way: 'api', action: 'read', of: 'order' },
  'GET /admin/v1/orders/:id/refunds': { way: 'api', action: 'read', of: 'order' },
  'GET /admin/v1/orders/:id/transfers': { way: 'api', action: 'read', of: 'order' },
  'GET /admin/v1/organization': { way: 'api', action: 'read' },
  'GET /admin/v1/people': { way: 'api', action: 'people.write' },
  'GET /admin/v1/wallets': { way: 'api', action: 'read' },
  'GET /admin/v1/wallets/:id': { way: 'api', action: 'read', of: 'wallet' },
  'GET /console': { way: 'page', action: 'read' },
  'GET /console/audit': { way: 'page', action: 'read' },
  'GET /console/books': { way: 'page', action: 'read' },
  'GET /console/events': { way: 'page', action: 'events.read' },
  'GET /console/events/:id': { way: 'page', action: 'events.read', of: 'event' },
  'GET /console/live': { way: 'api', action: 'read' },
  'GET /console/mails': { way: 'page', action: 'read' },
  'GET /console/orders': { way: 'page', action: 'read' },
  'GET /console/orders/:id': { way: 'page', action: 'read', of: 'order' },
  'GET /console/people': { way: 'page', action: 'people.write' },
  'GET /console/privacy': { way: 'page', action: 'privacy.handle' },
  'GET /console/to-do': { way: 'page', action: 'read' },
  'GET /login': { way: 'own' },
  'GET /login/code': { way: 'own' },
  'GET /login/link/:token': { way: 'own' },
  'POST /account/code/confirm': { way: 'own' },
  'POST /account/code/offer': { way: 'own' },
  'POST /account/code/remove': { way: 'own' },
  'POST /account/password': { way: 'own' },
  'POST /account/sessions/end': { way: 'own' },
  'POST /admin/v1/access-codes/:id/disable': {
    way: 'api',
    action: 'events.write',
    of: 'access_code',
  },
  'POST /admin/v1/api-keys': { way: 'api', action: 'people.write' },
  'POST /admin/v1/api-keys/:id/revoke': { way: 'api', action: 'people.write', of: 'api_key' },
  'POST /admin/v1/devices/:id/revoke': { way: 'api', action: 'door.write', of: 'device' },
  'POST /admin/v1/disputes/:id/allot': { way: 'api', action: 'orders.refund', of: 'dispute' },
  'POST /admin/v1/events': { way: 'api', action: 'events.write' },
  'POST /admin/v1/events/:id/access-codes': { way: 'api', action: 'events.write', of: 'event' },
  'POST /admin/v1/events/:id/cancel': { way: 'api', action: 'events.write', of: 'event' },
  'POST /admin/v1/events/:id/close': { way: 'api', action: 'events.write', of: 'event' },
  'POST /admin/v1/events/:id/complimentary-orders': {
    way: 'api',
    action: 'events.write',
    of: 'event',
  },
  'POST /admin/v1/events/:id/devices': { way: 'api', action: 'door.write', of: 'event' },
  'POST /admin/v1/events/:id/keys/rotate': { way: 'api', action: 'events.write', of: 'event' },
  'POST /admin/v1/events/:id/promo-codes': { way: 'api', action: 'events.write', of: 'event' },
  'POST /admin/v1/events/:id/publish': { way: 'api', action: 'events.write', of: 'event' },
  'POST /admin/v1/incidents/:id/resolve': { way: 'api', action: 'orders.mend', of: 'incident' },
  'POST /admin/v1/messages/:id/replay': { way: 'api', action: 'orders.mend', of: 'message' },
  'POST /admin/v1/orders/:id/correct-address': { way: 'api', action: 'orders.mend', of: 'order' },
  'POST /admin/v1/orders/:id/ensure-tickets': { way: 'api', action: 'orders.mend', of: 'order' },
  'POST /admin/v1/orders/:id/refunds': { way: 'api', action: 'orders.refund', of: 'order' },
  'POST /admin/v1/orders/:id/resend-confirmation': {
    way: 'api',
    action: 'orders.mend',
    of: 'order',
  },
  'POST /admin/v1/payments/:id/refund': { way: 'api', action: 'orders.refund', of: 'payment' },
  'POST /admin/v1/people': { way: 'api', action: 'people.write' },
  'POST /admin/v1/people/:id/link': { way: 'api', action: 'people.write', of: 'person' },
  'POST /admin/v1/people/:id/reset-code': { way: 'api', action: 'people.write', of: 'person' },
  'POST /admin/v1/people/:id/remove': { way: 'api', action: 'people.write', of: 'person' },
  'POST /admin/v1/privacy/erase': { way: 'api', action: 'privacy.handle' },
  'POST /admin/v1/privacy/export': { way: 'api', action: 'privacy.handle' },
  'POST /admin/v1/promo-codes/:id/disable': { way: 'api', action: 'events.write', of: 'promo' },
  'POST /admin/v1/refunds/:id/allot': { way: 'api', action: 'orders.refund', of: 'refund' },
  'POST /admin/v1/refunds/:id/retry': { way: 'api', action: 'orders.refund', of: 'refund' },
  'POST /admin/v1/refunds/:id/write-off': { way: 'api', action: 'orders.refund', of: 'refund' },
  'POST /admin/v1/tiers/:id/close': { way: 'api', action: 'events.write', of: 'tier' },
  'POST /admin/v1/tiers/:id/reopen': { way: 'api', action: 'events.write', of: 'tier' },
  'POST /admin/v1/wallets': { way: 'api', action: 'orders.refund' },
  'POST /admin/v1/wallets/:id/credits': { way: 'api', action: 'orders.refund', of: 'wallet' },
  'POST /admin/v1/wallets/:id/token-mail': { way: 'api', action: 'orders.refund', of: 'wallet' },
  'POST /login': { way: 'own' },
  'POST /login/code': { way: 'own' },
  'POST /login/link/:token': { way: 'own' },
  'POST /logout': { way: 'own' },
  'PUT /admin/v1/events/:id/buyer-limit': { way: 'api', action: 'events.write', of: 'event' },
  'PUT /admin/v1/events/:id/details': { way: 'api', action: 'events.write', of: 'event' },
  'PUT /admin/v1/events/:id/door': { way: 'api', action: 'door.write', of: 'event' },
  'PUT /admin/v1/events/:id/refund-policy': { way: 'api', action: 'events.write', of: 'event' },
  'PUT /admin/v1/events/:id/reminder': { way: 'api', action: 'events.write', of: 'event' },
  'PUT /admin/v1/events/:id/transfer-policy': { way: 'api', action: 'events.write', of: 'event' },
  'PUT /admin/v1/organization': { way: 'api', action: 'organization.write' },
  'PUT /admin/v1/people/:id/role': { way: 'api', action: 'people.write', of: 'person' },
  'PUT /admin/v1/pools/:id/capacity': { way: 'api', action: 'events.write', of: 'pool' },
  'PUT /admin/v1/tiers/:id/capacity': { way: 'api', action: 'events.write', of: 'tier' },
});
