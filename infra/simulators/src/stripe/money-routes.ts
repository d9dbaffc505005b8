import type Stripe from 'stripe';
import type { Call } from './answering.ts';
import { expanded } from './expand.ts';
import type { Answer } from './idempotency.ts';
import { isWithin, pageOf } from './lists.ts';
import {
  byPayment,
  chargeList,
  disputeUpdate,
  payoutList,
  refundCreate,
  refundUpdate,
  sessionList,
  type TransactionList,
  transactionList,
} from './money-params.ts';
import { expandOnly, type Page, parseParams } from './params.ts';
import type { World } from './simulator.ts';

type Calls = Readonly<Record<string, Call>>;

/** Refunds, disputes, the balance and payouts: the part of the API by which money goes back. */
export function moneyRoutes(world: World): { readonly get: Calls; readonly post: Calls } {
  return { get: { ...lists(world), '/v1/balance': balanceCall(world) }, post: changes(world) };
}

function balanceCall(world: World): Call {
  return (_id, params) => {
    parseParams(expandOnly, params);
    return { status: 200, body: world.balance.shown() };
  };
}

function changes(world: World): Calls {
  const { refunds, disputes } = world;
  const ok = (object: object, expand?: readonly string[]): Answer => ({
    status: 200,
    body: expanded(world, object, expand),
  });
  return {
    '/v1/refunds': (_id, params, cause) => {
      const { expand, ...request } = parseParams(refundCreate, params);
      return ok(refunds.create(request, cause), expand);
    },
    '/v1/refunds/:id': (id, params, cause) => {
      const { expand, metadata } = parseParams(refundUpdate, params);
      return ok(refunds.update(id, metadata, cause), expand);
    },
    '/v1/refunds/:id/cancel': (id, params, cause) => {
      const { expand } = parseParams(expandOnly, params);
      return ok(refunds.cancel(id, cause), expand);
    },
    '/v1/disputes/:id': (id, params, cause) => {
      const change = parseParams(disputeUpdate, params);
      return ok(disputes.update(id, change, cause), change.expand);
    },
    '/v1/disputes/:id/close': (id, params, cause) => {
      const { expand } = parseParams(expandOnly, params);
      return ok(disputes.close(id, cause), expand);
    },
  };
}

function lists(world: World): Calls {
  const { books, refunds, disputes, payouts } = world;
  return {
    '/v1/refunds': (_id, params) => {
      const query = parseParams(byPayment, params);
      const chargeId = query.charge ?? chargeIdOf(world, query.payment_intent);
      const held = chargeId === undefined ? [...refunds.all.values()] : refunds.ofCharge(chargeId);
      return listed(world, held, { query, url: '/v1/refunds', matches: isOf(query) });
    },
    '/v1/disputes': (_id, params) => {
      const query = parseParams(byPayment, params);
      const held = [...disputes.all.values()];
      return listed(world, held, { query, url: '/v1/disputes', matches: isOf(query) });
    },
    '/v1/charges': (_id, params) => {
      const query = parseParams(chargeList, params);
      const held = [...books.charges.values()];
      return listed(world, held, { query, url: '/v1/charges', matches: isOf(query) });
    },
    '/v1/checkout/sessions': (_id, params) => {
      const query = parseParams(sessionList, params);
      const { status } = query;
      const matches = (session: Stripe.Checkout.Session) =>
        isOf(query)(session) && (status === undefined || session.status === status);
      const held = [...books.sessions.values()];
      return listed(world, held, { query, url: '/v1/checkout/sessions', matches });
    },
    '/v1/balance_transactions': (_id, params) => {
      const query = parseParams(transactionList, params);
      const { balance } = world;
      balance.makeAvailable({ inAdvance: false });
      const held =
        query.payout === undefined
          ? [...balance.transactions.values()]
          : payouts.transactionsOf(query.payout);
      return listed(world, held, { query, url: '/v1/balance_transactions', matches: isFor(query) });
    },
    '/v1/payouts': (_id, params) => {
      const query = parseParams(payoutList, params);
      const { arrival_date: arrival, created, status } = query;
      const matches = (payout: Stripe.Payout) =>
        isWithin(payout.created, created) &&
        isWithin(payout.arrival_date, arrival) &&
        (status === undefined || payout.status === status);
      return listed(world, [...payouts.all.values()], { query, url: '/v1/payouts', matches });
    },
  };
}

/** A page of what is given oldest first, as it is kept. */
function listed<Item extends { readonly id: string }>(
  world: World,
  oldestFirst: readonly Item[],
  how: {
    readonly query: Page;
    readonly url: string;
    readonly matches: (item: Item) => boolean;
  },
): Answer {
  const page = pageOf(oldestFirst, how, ({ id }) => id);
  return { status: 200, body: expanded(world, page, how.query.expand) };
}

interface OfPayment {
  readonly charge?: unknown;
  readonly payment_intent: unknown;
  readonly created: number;
}

function isOf(query: {
  readonly charge?: string | undefined;
  readonly payment_intent?: string | undefined;
  readonly created?: Parameters<typeof isWithin>[1];
}): (object: OfPayment) => boolean {
  const { charge, payment_intent: intent, created } = query;
  return (object) =>
    (charge === undefined || object.charge === charge) &&
    (intent === undefined || object.payment_intent === intent) &&
    isWithin(object.created, created);
}

function chargeIdOf({ books }: World, intentId: string | undefined): string | undefined {
  return intentId === undefined
    ? undefined
    : String(books.paymentIntents.get(intentId)?.latest_charge);
}

/** A dispute's movements are not found by it, as recorded: they stand in the dispute. */
function isFor(query: TransactionList): (one: Stripe.BalanceTransaction) => boolean {
  const { source, type, currency, created } = query;
  return (one) =>
    (source === undefined || (one.source === source && one.type !== 'adjustment')) &&
    (type === undefined || one.type === type) &&
    (currency === undefined || one.currency === currency) &&
    isWithin(one.created, created);
}
