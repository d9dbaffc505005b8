import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openShop, patience, refusalOf, type Shop } from './testing/shop.ts';

let shop: Shop;

beforeEach(async () => {
  shop = await openShop();
});
afterEach(async () => await shop[Symbol.asyncDispose]());

const undelivered = { delivery_success: false, limit: 100 };

describe('the list of events', () => {
  test('tells what was not delivered, until it is', async () => {
    const charge = await shop.buy();
    const left = async () => (await shop.stripe.events.list(undelivered)).data;
    await expect.poll(async () => (await left()).length, patience).toBe(0);
    await shop.control('weather', { webhooks: { drop_rate: 1 } }, 'PUT');
    await shop.stripe.refunds.create({ charge: charge.id, amount: 100 });
    const lost = await left();
    expect(lost.slice(-2).map(({ type }) => type)).toEqual(['charge.refunded', 'refund.created']);
    expect(lost[0]?.pending_webhooks).toBe(1);
    expect(shop.received.map(({ type }) => type)).not.toContain('refund.created');
    const refunds = await shop.stripe.events.list({ ...undelivered, type: 'refund.created' });
    const [created] = refunds.data;
    await shop.control(`events/${created?.id}/deliver`);
    expect(shop.received.map(({ id }) => id)).toContain(created?.id);
    expect((await left()).map(({ id }) => id)).not.toContain(created?.id);
    const again = await shop.stripe.events.retrieve(String(created?.id));
    expect(again.pending_webhooks).toBe(0);
  });

  test('goes on after an event that was delivered meanwhile', async () => {
    await shop.control('weather', { webhooks: { drop_rate: 1 } }, 'PUT');
    await shop.buy();
    const { data } = await shop.stripe.events.list(undelivered);
    const [first, second, third] = data.map(({ id }) => id);
    await shop.control(`events/${second}/deliver`);
    const after = { ...undelivered, limit: 1, starting_after: String(second) };
    const next = await shop.stripe.events.list(after);
    expect(next).toMatchObject({ has_more: true, data: [{ id: third }] });
    const before = await shop.stripe.events.list({ ...undelivered, ending_before: String(second) });
    expect(before).toMatchObject({ has_more: false, data: [{ id: first }] });
  });

  test('is of one name, of a family, or of several names', async () => {
    const charge = await shop.buy();
    await shop.control('disputes', { payment_intent: charge.payment_intent });
    const { events } = shop.stripe;
    const named = await events.list({ type: 'charge.dispute.*' });
    expect(named.data.map(({ type }) => type)).toEqual([
      'charge.dispute.funds_withdrawn',
      'charge.dispute.created',
    ]);
    const types = ['charge.succeeded', 'charge.dispute.created'];
    expect((await events.list({ types })).data).toHaveLength(2);
    const both = events.list({ types, type: 'charge.*' });
    expect(await refusalOf(Promise.resolve(both))).toMatchObject({ statusCode: 400 });
    const twice = events.list({ starting_after: 'evt_1', ending_before: 'evt_2' });
    expect(await refusalOf(Promise.resolve(twice))).toMatchObject({ statusCode: 400 });
  });
});
