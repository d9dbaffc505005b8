import { describe, expect, test } from 'vitest';
import { effectOf, phaseOf } from './dispute.ts';

describe('where a dispute stands', () => {
  test.for([
    ['warning_needs_response', 0, 'inquiry'],
    ['warning_under_review', 0, 'inquiry'],
    ['warning_closed', 0, 'won'],
    ['needs_response', 5_000, 'open'],
    ['under_review', 5_000, 'open'],
    ['won', 0, 'won'],
    ['prevented', 0, 'won'],
    ['lost', 5_000, 'lost'],
    ['lost', 0, 'won'],
    ['appeal_under_review', 5_000, 'open'],
    ['a status Stripe will invent', 0, 'inquiry'],
  ] as const)('%s with %i taken is %s', ([status, withdrawnCents, phase]) => {
    expect(phaseOf({ status, withdrawnCents })).toBe(phase);
  });
});

describe('what becomes of the tickets', () => {
  const whole = { amountCents: 5_000, paidCents: 5_000, isAllotted: false };
  test.for([
    ['a question of the bank changes nothing', { ...whole, phase: 'inquiry' }, 'none'],
    ['a chargeback suspends', { ...whole, phase: 'open' }, 'suspend'],
    ['so does one of a part', { ...whole, amountCents: 1, phase: 'open' }, 'suspend'],
    ['won brings them back', { ...whole, phase: 'won' }, 'reinstate'],
    ['lost ends them', { ...whole, phase: 'lost' }, 'void'],
    ['a lost part asks a person', { ...whole, amountCents: 4_999, phase: 'lost' }, 'ask'],
    ['and asks once', { ...whole, amountCents: 4_999, phase: 'lost', isAllotted: true }, 'none'],
  ] as const)('%s', ([, dispute, effect]) => {
    expect(effectOf(dispute)).toBe(effect);
  });
});
