import { describe, expect, test } from 'vitest';
import {
  decideOffline,
  type Exception,
  isConflict,
  type OfflineDoor,
  type OfflineScan,
} from './manifest.ts';

const claim = { eventId: 'e', ticketId: 't', version: 2, kid: 1 };
const open = new Date('2031-05-01T20:00:00Z');

function door(exception?: Exception, change: Partial<OfflineDoor> = {}): OfflineDoor {
  return {
    eventId: 'e',
    opensAt: new Date('2031-05-01T18:00:00Z'),
    closesAt: new Date('2031-05-01T23:00:00Z'),
    expiresAt: new Date('2031-05-01T20:15:00Z'),
    allowsReentry: false,
    exceptions: new Map(exception === undefined ? [] : [['t', exception]]),
    ...change,
  };
}

function scan(change: Partial<OfflineScan> = {}): OfflineScan {
  return { claim, isSigned: true, direction: 'in', at: open, seen: new Map(), ...change };
}

const seen = (direction: 'in' | 'out') => ({ seen: new Map([['t', direction]]) });
const out = { direction: 'out' } as const;

describe('decideOffline', () => {
  test.each<[string, [OfflineScan, OfflineDoor], string]>([
    ['a ticket that the manifest does not name', [scan(), door()], 'admitted'],
    ['its newest version', [scan(), door({ version: 2, state: 'good' })], 'admitted'],
    ['an older one', [scan(), door({ version: 3, state: 'good' })], 'outdated'],
    ['a code that nobody signed', [scan({ isSigned: false }), door()], 'forged'],
    ['no code', [scan({ claim: undefined }), door()], 'forged'],
    ['another event', [scan({ claim: { ...claim, eventId: 'o' } }), door()], 'wrong_event'],
    ['given back', [scan(), door({ version: 1, state: 'refunded' })], 'refunded'],
    ['disputed', [scan(), door({ version: 1, state: 'suspended' })], 'suspended'],
    ['another gate', [scan(), door({ version: 1, state: 'wrong_gate' })], 'wrong_gate'],
    ['inside by the manifest', [scan(), door({ version: 1, state: 'inside' })], 'already_in'],
    ['inside by this device', [scan(seen('in')), door()], 'already_in'],
    ['used before', [scan(), door({ version: 1, state: 'used' })], 'already_in'],
    [
      'used, where one may come back',
      [scan(), door({ version: 1, state: 'used' }, { allowsReentry: true })],
      'admitted',
    ],
    ['left here, where one may not', [scan(seen('out')), door()], 'already_in'],
    [
      'before the doors open',
      [scan({ at: new Date('2031-05-01T17:00:00Z') }), door()],
      'too_early',
    ],
    ['after the end', [scan({ at: new Date('2031-05-02T17:00:00Z') }), door()], 'too_late'],
    [
      'leaving after the end',
      [scan({ ...out, at: new Date('2031-05-02T17:00:00Z'), ...seen('in') }), door()],
      'left',
    ],
    ['leaving without having come', [scan(out), door()], 'not_inside'],
    [
      'given back, whoever was seen',
      [scan(seen('out')), door({ version: 1, state: 'refunded' })],
      'refunded',
    ],
  ])('%s', (_what, [scanned, at], outcome) => {
    expect(decideOffline(scanned, at)).toBe(outcome);
  });

  test('only who was let in and should not have been is a conflict', () => {
    expect(isConflict('admitted', 'already_in')).toBe(true);
    expect(isConflict('admitted', 'refunded')).toBe(true);
    expect(isConflict('admitted', 'admitted')).toBe(false);
    expect(isConflict('already_in', 'already_in')).toBe(false);
    expect(isConflict(null, 'already_in')).toBe(false);
  });
});
