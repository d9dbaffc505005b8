import { describe, expect, test } from 'vitest';
import { eventFault, saleWindow } from './event.ts';

const day = (n: number) => new Date(Date.UTC(2030, 0, n));

const event = {
  status: 'on_sale',
  salesStartAt: day(2),
  salesEndAt: day(10),
  endsAt: day(20),
} as const;
const tier = { salesStartAt: null, salesEndAt: null, closedAt: null };

describe('saleWindow', () => {
  test.for<[string, Parameters<typeof saleWindow>, string]>([
    ['within its window', [event, tier, day(5)], 'open'],
    ['at its first moment', [event, tier, day(2)], 'open'],
    ['before it', [event, tier, day(1)], 'not_started'],
    ['at its end', [event, tier, day(10)], 'ended'],
    ['past the event itself', [{ ...event, salesEndAt: null }, tier, day(20)], 'ended'],
    ['as a draft', [{ ...event, status: 'draft' }, tier, day(5)], 'not_on_sale'],
    ['cancelled', [{ ...event, status: 'cancelled' }, tier, day(5)], 'not_on_sale'],
    ['with the tier closed', [event, { ...tier, closedAt: day(4) }, day(5)], 'tier_closed'],
    ['before the tier', [event, { ...tier, salesStartAt: day(6) }, day(5)], 'tier_closed'],
    ['after the tier', [event, { ...tier, salesEndAt: day(5) }, day(5)], 'tier_closed'],
  ])('%s', ([, given, window]) => {
    expect(saleWindow(...given)).toBe(window);
  });
});

describe('eventFault', () => {
  const sound = {
    startsAt: day(19),
    endsAt: day(20),
    salesStartAt: null,
    salesEndAt: null,
    timezone: 'Europe/Zurich',
    currency: 'eur',
    tiers: [
      { name: 'Floor', priceCents: 1_000 },
      { name: 'Balcony', priceCents: 2_005 },
    ],
    pools: [{ name: 'Room', tiers: ['Floor', 'Balcony'] }],
  };

  test('a sound event has none', () => {
    expect(eventFault(sound)).toBeUndefined();
  });

  test.for<[string, object, string]>([
    ['that ends before it starts', { endsAt: day(18) }, 'event.times_invalid'],
    [
      'whose sales end before they start',
      { salesStartAt: day(5), salesEndAt: day(4) },
      'event.times_invalid',
    ],
    ['in no timezone', { timezone: 'Mars/Olympus' }, 'event.timezone_unknown'],
    ['with a tier twice', { tiers: [sound.tiers[0], sound.tiers[0]] }, 'event.tier_repeated'],
    ['whose price no card can pay', { currency: 'kwd' }, 'event.price_not_chargeable'],
    ['with a pool of nothing', { pools: [{ name: 'R', tiers: ['X'] }] }, 'event.pool_tier_unknown'],
  ])('an event %s', ([, change, code]) => {
    expect(eventFault({ ...sound, ...change })?.code).toBe(code);
  });
});
