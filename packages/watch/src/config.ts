import { z } from 'zod';

/** Where alerts go. Without any they are shown in the console and at /admin/v1/alerts alone. */
export const watchFields = {
  /** A webhook that takes Slack's `{ "text": … }`: Slack, Mattermost, Discord with /slack, Google Chat. */
  ALERT_WEBHOOK_URL: z.url({ protocol: /^https?$/ }).optional(),
  ALERT_MAIL_TO: z.email().optional(),
  RESEND_API_KEY: z.string().min(4).optional(),
  /** Another address than Resend's own: the simulator's. */
  RESEND_API_URL: z.url().optional(),
  MAIL_FROM: z.string().min(3).max(320).default('Liventix <tickets@liventix.dev>'),
  /** Called every minute while somebody watches: whoever waits for it hears when nobody does. */
  HEARTBEAT_URL: z.url({ protocol: /^https?$/ }).optional(),
  /** Where the console is, for links in alerts. */
  CONSOLE_URL: z.url({ protocol: /^https?$/ }).optional(),
  WATCH_INTERVAL_MS: z.coerce.number().int().min(100).max(60_000).default(10_000),
};
const watchConfig = z.object(watchFields);
export type WatchConfig = z.output<typeof watchConfig>;
