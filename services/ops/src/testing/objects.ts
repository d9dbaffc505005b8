import assert from 'node:assert/strict';
import { randomUUID, randomUUIDv7 } from 'node:crypto';
import { addPerson } from '@liventix/domain/access/people-repository';
import { createApiKey } from '@liventix/domain/access/repository';
import { insertAccessCode } from '@liventix/domain/codes/access-repository';
import { insertPromoCode } from '@liventix/domain/codes/repository';
import { createSigner } from '@liventix/domain/credentials/signer';
import { attachDisputes, storeDispute } from '@liventix/domain/disputes/repository';
import { insertDevice } from '@liventix/domain/door/device-repository';
import { insertEvent } from '@liventix/domain/events/repository';
import { readSale, setEventStatus } from '@liventix/domain/events/sale-repository';
import { openIncident } from '@liventix/domain/incidents/repository';
import { insertHolds, markHoldOrdered } from '@liventix/domain/inventory/repository';
import { insertOrder, markOrderFulfilled, markOrderPaid } from '@liventix/domain/orders/repository';
import { markMessageDead } from '@liventix/domain/outbox/dead-repository';
import { enqueue } from '@liventix/domain/outbox/repository';
import { insertStripePayment } from '@liventix/domain/payments/repository';
import { insertRefund } from '@liventix/domain/refunds/repository';
import { beginIssuing, insertTickets } from '@liventix/domain/tickets/repository';
import { openWallet } from '@liventix/domain/wallets/repository';
import type { Database, Transaction } from '@liventix/shared/db';
import type { Kind } from '#testing/matrix';

const signer = createSigner([{ kid: 'm1', secret: 'the master key of these tests' }]);
const noWindow = { startsAt: null, endsAt: null };

/** One object of each kind that an address can name, of this organization, by their ids. */
export async function makeOneOfEach(
  db: Database,
  organizationId: string,
): Promise<Readonly<Record<Kind, string>>> {
  return await db.inTransaction(async (tx) => {
    const sale = await makeSale(tx, organizationId);
    const ofEvent = { organizationId, eventId: sale.event, code: 'FRIENDS', ...noWindow };
    const { deviceId } = await insertDevice(tx, {
      organizationId,
      eventId: sale.event,
      gate: 'North',
      label: 'Phone',
      role: 'scanner',
      tierIds: [],
    });
    const email = `${randomUUID()}@example.com`;
    const person = await addPerson(tx, { organizationId, email, name: 'Grace', role: 'support' });
    const key = await createApiKey(tx, { organizationId, name: 'Ours', role: 'read_only' });
    const promo = await insertPromoCode(tx, {
      ...ofEvent,
      discount: { kind: 'percent', percent: 10 },
      tierIds: [],
      maxRedemptions: null,
      maxPerBuyer: null,
    });
    const access = await insertAccessCode(tx, { ...ofEvent, tierIds: [sale.tier], maxUses: null });
    assert.ok(promo !== undefined && access !== undefined && person !== undefined);
    return {
      ...sale,
      ...(await makeMoney(tx, { organizationId, ...sale })),
      promo,
      access_code: access,
      device: deviceId,
      person: person.userId,
      api_key: key.apiKeyId,
      wallet: await openWallet(tx, {
        organizationId,
        currency: 'eur',
        locale: 'en',
        owner: { kind: 'buyer', email },
      }),
    };
  });
}

/** An event on sale, and an order of it that has its ticket. */
async function makeSale(tx: Transaction, organizationId: string) {
  const eventId = await insertEvent(tx, {
    organizationId,
    slug: `night-${randomUUID()}`,
    title: 'A Night',
    venue: 'The Hall',
    startsAt: new Date('2031-05-01T18:00:00Z'),
    endsAt: new Date('2031-05-01T21:00:00Z'),
    timezone: 'UTC',
    locale: 'en',
    currency: 'eur',
    salesStartAt: null,
    salesEndAt: null,
    holdMinutes: 15,
    maxPerOrder: 10,
    tiers: [
      {
        name: 'Floor',
        priceCents: 2_500,
        capacity: 100,
        minPerOrder: 1,
        maxPerOrder: 10,
        salesStartAt: null,
        salesEndAt: null,
      },
    ],
    pools: [{ name: 'Room', capacity: 100, tiers: ['Floor'] }],
  });
  await setEventStatus(tx, { eventId, from: ['draft'], to: 'on_sale' });
  const { tiers, pools } = await readSale(tx, eventId);
  const [tier, pool] = [tiers[0]?.id, pools[0]?.id];
  assert.ok(tier !== undefined && pool !== undefined);
  const order = await makeOrder(tx, { organizationId, eventId, tierId: tier });
  return { event: eventId, tier, pool, order };
}

async function makeOrder(
  tx: Transaction,
  of: { readonly organizationId: string; readonly eventId: string; readonly tierId: string },
): Promise<string> {
  const { organizationId, eventId, tierId } = of;
  const holdId = randomUUIDv7();
  const items = [{ tierId, tierName: 'Floor', quantity: 1, unitPriceCents: 2_500 }];
  await insertHolds(tx, { id: eventId, organizationId }, [
    { id: holdId, items, deadline: 'pinned' },
  ]);
  const orderId = await insertOrder(tx, {
    organizationId,
    eventId,
    holdId,
    locale: 'en',
    currency: 'eur',
    buyer: { name: 'Ada', email: 'ada@example.com', key: 'ada@example.com' },
    checkout: { key: randomUUID(), hash: 'f'.repeat(64) },
  });
  await markHoldOrdered(tx, holdId, orderId);
  await markOrderPaid(tx, { orderId, holdId });
  const firstSerial = await beginIssuing(tx, { eventId, holdId, count: 1 });
  const id = randomUUIDv7();
  const signed = await signer.sign(tx, eventId, [{ id, version: 1 }]);
  await insertTickets(tx, { orderId, firstSerial, ids: [id], signed });
  await markOrderFulfilled(tx, orderId);
  return orderId;
}

/** What the order was paid with, a part of it that could not be given back, and who complains. */
async function makeMoney(
  tx: Transaction,
  of: { readonly organizationId: string; readonly event: string; readonly order: string },
) {
  const { organizationId, event: eventId, order: orderId } = of;
  const paymentIntentId = `pi_${randomUUID()}`;
  const [amountCents, currency] = [2_500, 'eur'];
  const payment = await insertStripePayment(tx, {
    organizationId,
    eventId,
    orderId,
    attemptId: undefined,
    paid: {
      sessionId: `cs_${randomUUID()}`,
      paymentIntentId,
      chargeId: null,
      amountCents,
      currency,
      livemode: false,
    },
    disposition: 'tickets',
    reason: 'in_time',
  });
  const refund = await insertRefund(tx, {
    organizationId,
    orderId,
    paymentId: payment,
    kind: 'amount',
    status: 'failed',
    amountCents: 100,
    currency,
    reason: 'kind',
  });
  const dispute = `dp_${randomUUID()}`;
  await storeDispute(tx, {
    id: dispute,
    paymentIntentId,
    chargeId: null,
    amountCents,
    currency,
    status: 'needs_response',
    reason: 'fraudulent',
    dueBy: null,
    createdAt: new Date(),
    withdrawnCents: amountCents,
    phase: 'open',
    movements: [],
  });
  await attachDisputes(tx, { paymentIntentId, paymentId: payment, orderId, organizationId });
  return { payment, refund, dispute, ...(await makeTrouble(tx, { organizationId, orderId })) };
}

/** A job of the order that died, and something about it that a person must look at. */
async function makeTrouble(
  tx: Transaction,
  { organizationId, orderId }: { readonly organizationId: string; readonly orderId: string },
) {
  const message = await enqueue(tx, 'tickets.ensure', { orderId });
  await markMessageDead(tx, { messageId: message, jobName: 'tickets.ensure', error: 'It broke.' });
  const about = { kind: 'order.stuck', objectType: 'order', objectId: orderId } as const;
  await openIncident(tx, { ...about, organizationId, message: 'Look at it.' });
  const { rows } = await tx.raw('select id from incidents where object_id = :orderId', { orderId });
  const incident: string = rows[0].id;
  return { message, incident };
}
