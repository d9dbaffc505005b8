import { expect, test } from 'vitest';
import { compareEntries, type OurEntry, onlyHere, type TheirEntry } from './stripe-comparison.ts';

const entry = {
  stripeId: 're_1',
  paymentIntentId: 'pi_1',
  amountCents: 1_000,
  currency: 'eur',
  status: 'succeeded',
} as const;
const here: OurEntry = { ...entry, ourId: 'ours' };
const there: TheirEntry = { ...entry, isFresh: false };

test.for([
  ['the same', [there], [here], []],
  ['nothing', [], [], []],
  ['unknown here', [there], [], ['only_at_stripe']],
  ['unknown here, made a moment ago', [{ ...there, isFresh: true }], [], []],
  ['another amount', [{ ...there, amountCents: 999 }], [here], ['differs']],
  ['another currency', [{ ...there, currency: 'chf' }], [here], ['differs']],
  ['another payment', [{ ...there, paymentIntentId: 'pi_2' }], [here], ['differs']],
  ['failed there, succeeded here', [{ ...there, status: 'failed' }], [here], ['differs']],
  ['succeeded there, not yet here', [there], [{ ...here, status: 'submitted' }], ['differs']],
  [
    'succeeded there a moment ago, not yet here',
    [{ ...there, isFresh: true }],
    [{ ...here, status: 'submitted' }],
    [],
  ],
  [
    'another amount, made a moment ago',
    [{ ...there, isFresh: true, amountCents: 999 }],
    [here],
    ['differs'],
  ],
] as const)('%s', ([, theirs, ours, expected]) => {
  const found = compareEntries('refund', theirs, ours);
  expect(found.map(({ what }) => what)).toEqual(expected);
});

test('a difference says what each has', () => {
  expect(compareEntries('payment', [{ ...there, amountCents: 1 }], [here])).toEqual([
    {
      object: 'payment',
      what: 'differs',
      stripeId: 're_1',
      ourId: 'ours',
      here: entry,
      there: { ...entry, amountCents: 1 },
    },
  ]);
  expect(onlyHere('refund', here)).toMatchObject({ what: 'only_here', here: entry, there: null });
});
