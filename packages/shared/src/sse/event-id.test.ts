import { expect, test } from 'vitest';
import { decideGreeting, fingerprintOf, formatEventId, parseEventId } from './event-id.ts';

const [one, two] = [fingerprintOf('one'), fingerprintOf('two')];
const ours = { asOfMs: 1_000, fingerprint: one };

test('an id survives its journey through a client', () => {
  expect(parseEventId(formatEventId(ours))).toEqual(ours);
});

test.for([undefined, '', '7', 'x-y', `1000-${one}x`, `-1-${one}`, `${'9'.repeat(16)}-${one}`])(
  '%s is no id of ours',
  (text) => {
    expect(parseEventId(text)).toBeUndefined();
  },
);

test.for([
  ['nobody before', undefined, 'snapshot'],
  ['the same state, earlier', { asOfMs: 900, fingerprint: one }, 'nothing'],
  ['the same state, later', { asOfMs: 1_100, fingerprint: one }, 'nothing'],
  ['another state, earlier', { asOfMs: 900, fingerprint: two }, 'snapshot'],
  ['another state, later', { asOfMs: 1_100, fingerprint: two }, 'wait'],
] as const)('who has seen %s is greeted accordingly', ([, seen, greeting]) => {
  expect(decideGreeting(ours, seen)).toBe(greeting);
});
