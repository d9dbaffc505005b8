import type { EmailKind } from './email.ts';

/** Mails that Resend takes in one call (resend.com/docs/api-reference/emails/send-batch-emails). */
export const batchMax = 100;

/** A mail with its codes inside is worth a minute of waiting, and no more. */
const patienceMs = 60_000;

/** Told to everybody of an event at once. They bring nothing along, so nothing is lost in a batch. */
export const eventWideKinds = [
  'event_cancelled',
  'event_changed',
  'event_reminder',
] as const satisfies readonly EmailKind[];

/** How many may wait before the last of them waits longer than that. */
export function waitingMax(perSecond: number): number {
  return Math.ceil((perSecond * patienceMs) / 1_000);
}

/**
 * Whether a mail goes with others, without its codes and files: a batch carries none. What everybody
 * of an event gets does, and any mail while so many wait that one by one would take over a minute.
 */
export function travelsTogether(
  kind: EmailKind,
  queue: { readonly waiting: number; readonly perSecond: number },
): boolean {
  return (
    (eventWideKinds as readonly EmailKind[]).includes(kind) ||
    queue.waiting > waitingMax(queue.perSecond)
  );
}
