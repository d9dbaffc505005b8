import { hash } from 'node:crypto';

/**
 * Which state an event told, and when that was true by the source's clock. The same on every
 * instance and after a restart, so that a client may come back anywhere.
 */
export interface EventId {
  readonly asOfMs: number;
  readonly fingerprint: string;
}

/** 72 bits: enough to tell one state from the one before. */
const fingerprintLength = 12;
const pattern = /^(\d{1,15})-([A-Za-z0-9_-]{12})$/;

export function fingerprintOf(state: string): string {
  return hash('sha256', state, 'base64url').slice(0, fingerprintLength);
}

export function formatEventId(id: EventId): string {
  return `${id.asOfMs}-${id.fingerprint}`;
}

/** A Last-Event-ID of ours; anything else counts as none. */
export function parseEventId(text: string | undefined): EventId | undefined {
  const [, asOfMs, fingerprint] = pattern.exec(text ?? '') ?? [];
  return asOfMs === undefined || fingerprint === undefined
    ? undefined
    : { asOfMs: Number(asOfMs), fingerprint };
}

/** What a new listener gets at once. */
export type Greeting = 'snapshot' | 'nothing' | 'wait';

/**
 * A listener that comes back to an unchanged state has it already. One that has seen a later moment
 * than we waits for our next reading, or its page would jump back to an older state.
 */
export function decideGreeting(ours: EventId, seen: EventId | undefined): Greeting {
  if (seen === undefined) {
    return 'snapshot';
  }
  if (seen.fingerprint === ours.fingerprint) {
    return 'nothing';
  }
  return seen.asOfMs > ours.asOfMs ? 'wait' : 'snapshot';
}
