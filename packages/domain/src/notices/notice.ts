import { z } from 'zod';

export const noticeKinds = ['event_changed', 'event_reminder', 'event_cancelled'] as const;
export type NoticeKind = (typeof noticeKinds)[number];

/** What of an event everybody who comes has to know. */
export interface EventDetails {
  readonly title: string;
  readonly venue: string;
  readonly startsAt: Date;
  readonly endsAt: Date;
}

/** What a mail says of how the event was; nothing of a reminder. */
export const noticeFacts = z.object({
  before: z
    .object({
      title: z.string().exactOptional(),
      venue: z.string().exactOptional(),
      starts_at: z.iso.datetime({ offset: true }).exactOptional(),
    })
    .default({}),
});
export type NoticeFacts = z.output<typeof noticeFacts>;

/** How an event was, as far as it is different now. When it ends is told to nobody. */
export function whatChanged(before: EventDetails, after: EventDetails): NoticeFacts['before'] {
  return {
    ...(before.title !== after.title && { title: before.title }),
    ...(before.venue !== after.venue && { venue: before.venue }),
    ...(before.startsAt.getTime() !== after.startsAt.getTime() && {
      starts_at: before.startsAt.toISOString(),
    }),
  };
}
