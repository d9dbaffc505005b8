import type { Signals } from '#signals/read-signals';
import { type Rule, when } from './rule.ts';

/** What comes from providers, and goes to them. */
export const providerRules: readonly Rule[] = [
  {
    name: 'WebhookLag',
    severity: 'page',
    find: ({ business: { eventsOpenSeconds: seconds } }) =>
      when(seconds > 60, `An event of Stripe has waited for ${Math.round(seconds)} s.`),
  },
  {
    name: 'WebhooksLost',
    severity: 'page',
    find: ({ unheardEvents }) =>
      when(
        unheardEvents >= 3,
        `${unheardEvents} events within ten minutes were told by Stripe's list alone: webhooks do not arrive.`,
      ),
  },
  {
    name: 'WebhooksRefused',
    severity: 'page',
    find: ({ counts }) =>
      when(
        lately(counts, 'webhook.refused') > 5,
        `${lately(counts, 'webhook.refused')} webhooks within five minutes had no signature of ours: a wrong secret, or somebody tries.`,
      ),
  },
  {
    name: 'ClockWrong',
    severity: 'page',
    find: ({ counts }) =>
      when(
        lately(counts, 'webhook.too_old') >= 3,
        `${lately(counts, 'webhook.too_old')} webhooks within five minutes were signed well and too long ago: a clock is wrong.`,
      ),
  },
  {
    name: 'ProviderFails',
    severity: 'page',
    find: ({ counts }) =>
      (['stripe', 'resend'] as const).flatMap((provider) => {
        const failures = lately(counts, `${provider}.failures`);
        const share = failures / Math.max(1, lately(counts, `${provider}.calls`));
        return failures > 5 && share > 0.1
          ? [
              {
                of: provider,
                summary: `${Math.round(100 * share)} % of calls to ${provider} fail.`,
              },
            ]
          : [];
      }),
  },
  {
    name: 'MailStopped',
    severity: 'page',
    find: ({ incidents }) =>
      when(
        (incidents.get('mail.stopped') ?? 0) > 0,
        'Resend takes no mails: its key is refused, or a quota is used up. Mails wait.',
      ),
  },
  {
    name: 'MailNotDelivered',
    severity: 'ticket',
    find: ({ incidents }) =>
      when(
        (incidents.get('email.undelivered') ?? 0) > 0,
        'Mails have neither arrived nor come back after ten minutes.',
      ),
  },
  {
    name: 'MailDeliveryRateLow',
    severity: 'ticket',
    find: ({ mails }) =>
      mails
        .filter(({ lost, delivered }) => lost + delivered >= 20 && lost / (lost + delivered) > 0.1)
        .map(({ kind, lost, delivered }) => ({
          of: kind,
          summary: `${lost} of ${lost + delivered} mails ${kind} were lost within an hour.`,
        })),
  },
];

/** How often something was counted within five minutes. */
function lately(counts: Signals['counts'], kind: string): number {
  return counts.get(kind)?.lastFiveMinutes ?? 0;
}
