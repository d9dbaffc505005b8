import { randomUUID, randomUUIDv7 } from 'node:crypto';
import type { Transaction } from '@liventix/shared/db';
import { createTestDatabase, type TestDatabase } from '@liventix/shared/testing/database';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { ensureOrganization } from '#access/access-repository';
import { updateOrganization } from '#access/organization-repository';
import { insertEvent, listTiers } from '#events/event-repository';
import { insertHolds } from '#inventory/inventory-repository';
import { migrations } from '#migrations';
import { insertOrder } from '#orders/order-repository';
import { insertStripePayment } from '#payments/payment-repository';
import { insertRefund } from '#refunds/refund-repository';
import { listOrderEmails } from './email-repository.ts';
import {
  oweCancellationMail,
  oweCancellationMails,
  oweDisputeMail,
  oweLateMoneyMail,
  oweRefundMail,
} from './money-mail-repository.ts';

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase({ url: inject('databaseUrl'), migrations });
});

afterAll(async () => await database[Symbol.asyncDispose]());

async function within<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
  return await database.db.inTransaction(work);
}

interface Ordered {
  readonly organizationId: string;
  readonly eventId: string;
  readonly orderId: string;
}

const event = {
  title: 'A Night',
  venue: 'The Hall',
  startsAt: new Date('2035-01-01T20:00:00Z'),
  endsAt: new Date('2035-01-01T23:00:00Z'),
  timezone: 'Europe/Zurich',
  locale: 'en',
  currency: 'eur',
  salesStartAt: null,
  salesEndAt: null,
  holdMinutes: 15,
  maxPerOrder: 20,
  pools: [],
};
const tier = {
  name: 'Floor',
  priceCents: 2_500,
  capacity: 100,
  minPerOrder: 1,
  maxPerOrder: 10,
  salesStartAt: null,
  salesEndAt: null,
};

/** A pending order of one ticket, of a house of its own. */
async function order(): Promise<Ordered> {
  return await within(async (tx) => {
    const slug = `house-${randomUUID()}`;
    const { organizationId } = await ensureOrganization(tx, { slug, name: 'House' });
    const eventId = await insertEvent(tx, { organizationId, slug, ...event, tiers: [tier] });
    const [sold] = await listTiers(tx, [eventId]);
    const holdId = randomUUIDv7();
    const items = [
      { tierId: sold?.tierId ?? '', tierName: 'Floor', quantity: 1, unitPriceCents: 2_500 },
    ];
    const deadline = new Date('2034-01-01T00:00:00Z');
    await insertHolds(tx, { id: eventId, organizationId }, [{ id: holdId, items, deadline }]);
    const orderId = await insertOrder(tx, {
      organizationId,
      eventId,
      holdId,
      locale: 'en',
      currency: 'eur',
      buyer: { name: 'Ada', email: 'ada@resend.dev', key: 'ada@resend.dev' },
      checkout: { key: randomUUID(), hash: 'f'.repeat(64) },
    });
    return { organizationId, eventId, orderId };
  });
}

async function pay(
  ordered: Ordered,
  as: { readonly disposition: 'tickets' | 'refund' | 'review'; readonly reason: string },
): Promise<string> {
  const paid = {
    sessionId: `cs_${randomUUID()}`,
    paymentIntentId: `pi_${randomUUID()}`,
    chargeId: null,
    amountCents: 2_500,
    currency: 'eur',
    livemode: false,
  };
  return await within(
    async (tx) => await insertStripePayment(tx, { ...ordered, attemptId: undefined, paid, ...as }),
  );
}

async function refund(ordered: Ordered, amountCents: number): Promise<string> {
  const paymentId = await pay(ordered, { disposition: 'tickets', reason: 'in_time' });
  const { organizationId, orderId } = ordered;
  return await within(
    async (tx) =>
      await insertRefund(tx, {
        organizationId,
        orderId,
        paymentId,
        kind: 'amount',
        status: 'requested',
        amountCents,
        currency: 'eur',
        reason: 'asked for',
      }),
  );
}

async function mailsOf({ orderId }: Ordered): Promise<Record<string, unknown>[]> {
  const { rows } = await database.db.pool.raw(
    `select e.kind, e.recipient, e.facts,
            (select count(*)::int from outbox m
              where m.name = 'email.send' and m.payload ->> 'emailId' = e.id::text) as messages
       from emails e
      where e.order_id = :orderId
      order by e.id`,
    { orderId },
  );
  return rows;
}

async function kindsOf(ordered: Ordered): Promise<unknown[]> {
  return (await mailsOf(ordered)).map(({ kind }) => kind);
}

async function forgetAddress({ orderId }: Ordered): Promise<void> {
  await database.db.pool.raw('update orders set buyer_email = null where id = :orderId', {
    orderId,
  });
}

describe('oweRefundMail', () => {
  test('one mail a refund and kind, each with one message, however often and at once', async () => {
    const ordered = await order();
    const refundId = await refund(ordered, 1_000);
    await Promise.all(
      Array.from({ length: 10 }, async () => {
        await within(async (tx) => {
          await oweRefundMail(tx, { refundId, kind: 'refund_requested' });
        });
      }),
    );
    await within(async (tx) => await oweRefundMail(tx, { refundId, kind: 'refund_made' }));
    const facts = {
      amountCents: 1_000,
      currency: 'eur',
      tickets: 0,
      serials: [],
      isCancelled: false,
    };
    const mail = { recipient: 'ada@resend.dev', facts, messages: 1 };
    expect(await mailsOf(ordered)).toEqual([
      { kind: 'refund_requested', ...mail },
      { kind: 'refund_made', ...mail },
    ]);
  });

  test('without an address there is no mail and no refusal', async () => {
    const ordered = await order();
    const refundId = await refund(ordered, 1_000);
    await forgetAddress(ordered);
    await within(async (tx) => await oweRefundMail(tx, { refundId, kind: 'refund_requested' }));
    expect(await mailsOf(ordered)).toEqual([]);
  });

  test('what was said when the event was cancelled is not said again', async () => {
    const ordered = await order();
    const refundId = await refund(ordered, 1_000);
    await within(async (tx) => {
      await oweCancellationMail(tx, { orderId: ordered.orderId });
      await oweRefundMail(tx, { refundId, kind: 'refund_requested' });
    });
    await within(async (tx) => await oweRefundMail(tx, { refundId, kind: 'refund_made' }));
    expect(await kindsOf(ordered)).toEqual(['event_cancelled', 'refund_made']);
  });

  test('of free tickets of a cancelled event it says nothing more either', async () => {
    const ordered = await order();
    const refundId = await refund(ordered, 0);
    await within(async (tx) => {
      await oweCancellationMail(tx, { orderId: ordered.orderId });
      await oweRefundMail(tx, { refundId, kind: 'refund_made' });
    });
    expect(await kindsOf(ordered)).toEqual(['event_cancelled']);
  });
});

describe('oweLateMoneyMail', () => {
  test.for([
    ['refund', 'sold_out', 1],
    ['refund', 'order_cancelled', 1],
    ['refund', 'event_cancelled', 1],
    ['refund', 'event_ended', 1],
    ['refund', 'second_payment', 0],
    ['refund', 'already_refunded', 0],
    ['review', 'amount_differs', 0],
    ['tickets', 'in_time', 0],
  ] as const)('%s since %s: %i', async ([disposition, reason, mails]) => {
    const ordered = await order();
    const paymentId = await pay(ordered, { disposition, reason });
    const late = { orderId: ordered.orderId, paymentId };
    await within(async (tx) => await oweLateMoneyMail(tx, late));
    await within(async (tx) => await oweLateMoneyMail(tx, late));
    expect(await mailsOf(ordered)).toMatchObject(
      Array(mails).fill({
        kind: 'payment_too_late',
        facts: { amountCents: 2_500, currency: 'eur', reason },
        messages: 1,
      }),
    );
  });
});

describe('oweCancellationMails', () => {
  test('many orders at once, one mail each, of what each has still to get back', async () => {
    const [paid, unpaid, nameless] = [await order(), await order(), await order()];
    await pay(paid, { disposition: 'tickets', reason: 'in_time' });
    await forgetAddress(nameless);
    const orderIds = [paid, unpaid, nameless].map(({ orderId }) => orderId);
    await Promise.all(
      [orderIds, orderIds.toReversed()].map(
        async (some) =>
          await within(async (tx) => await oweCancellationMails(tx, { orderIds: some })),
      ),
    );
    const mail = { kind: 'event_cancelled', messages: 1 };
    expect(await mailsOf(paid)).toMatchObject([{ ...mail, facts: { amountCents: 2_500 } }]);
    expect(await mailsOf(unpaid)).toMatchObject([{ ...mail, facts: { amountCents: 0 } }]);
    expect(await mailsOf(nameless)).toEqual([]);
  });

  test('none is none', async () => {
    await within(async (tx) => await oweCancellationMails(tx, { orderIds: [] }));
  });
});

describe('oweDisputeMail', () => {
  const facts = { amountCents: 2_500, currency: 'eur', reason: 'fraudulent' };
  const dueAt = new Date('2035-01-20T00:00:00Z');

  test('goes to the organizer, once, with what it must say, and is not the buyer’s to see', async () => {
    const ordered = await order();
    const { organizationId, orderId } = ordered;
    await within(async (tx) => {
      const contactEmail = 'house@resend.dev';
      await updateOrganization(tx, { organizationId, name: 'House', contactEmail });
    });
    const dispute = { disputeId: 'dp_1', orderId, ...facts, dueAt };
    await within(async (tx) => await oweDisputeMail(tx, dispute));
    await within(async (tx) => await oweDisputeMail(tx, dispute));
    expect(await mailsOf(ordered)).toMatchObject([
      {
        kind: 'dispute_opened',
        recipient: 'house@resend.dev',
        facts: {
          ...facts,
          dueAt: dueAt.toISOString(),
          eventTitle: 'A Night',
          orderNumber: expect.stringMatching(/^LV-/),
        },
        messages: 1,
      },
    ]);
    expect(await listOrderEmails(database.db.pool, orderId)).toEqual([]);
  });

  test('without an address of the organizer there is no mail', async () => {
    const ordered = await order();
    const { orderId } = ordered;
    const dispute = { disputeId: 'dp_2', orderId, ...facts, dueAt: null };
    await within(async (tx) => await oweDisputeMail(tx, dispute));
    expect(await mailsOf(ordered)).toEqual([]);
  });
});
