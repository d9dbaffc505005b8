import type { Finding } from '@liventix/domain/alerts';
import type { Signals } from '#signals/read-signals';
import { backupRules } from './backup-rules.ts';
import { burnRules } from './burn-rules.ts';
import { moneyRules } from './money-rules.ts';
import { type Rule, when } from './rule.ts';

const page = 'page';
const ticket = 'ticket';

/** Processes and what is between them. */
const workRules: readonly Rule[] = [
  {
    name: 'ServiceSilent',
    severity: page,
    runbook: '#a-service-is-silent',
    find: ({ silence }) =>
      silence
        .filter(({ silentSeconds }) => silentSeconds > 45)
        .map(({ service, silentSeconds }) => ({
          of: service,
          summary: `No process of ${service} has said anything for ${Math.round(silentSeconds)} s.`,
        })),
  },
  {
    name: 'SweepLate',
    severity: page,
    runbook: '#a-repeatable-job-has-stopped',
    find: ({ sweeps }) =>
      sweeps
        .filter(({ lateSeconds, everySeconds }) => lateSeconds > Math.max(60, 3 * everySeconds))
        .map(({ sweep, lateSeconds }) => ({
          of: sweep,
          summary: `${sweep} has not ended for ${Math.round(lateSeconds)} s.`,
        })),
  },
  {
    name: 'PaidWithoutTickets',
    severity: page,
    runbook: '#symptoms',
    find: ({ business: { paidWithoutTickets, paidWithoutTicketsSeconds: seconds } }) =>
      when(
        seconds > 60,
        `${paidWithoutTickets} orders are paid and have no tickets, the oldest for ${Math.round(seconds)} s.`,
      ),
  },
  {
    name: 'MessageDead',
    severity: ticket,
    runbook: '#runbook',
    find: ({ business: { messagesDead } }) =>
      when(messagesDead > 0, `${messagesDead} jobs were given up: work is left undone.`),
  },
  {
    name: 'OutboxStuck',
    severity: page,
    runbook: '#what-to-watch',
    find: ({ outbox }) =>
      outbox
        .filter(({ oldestSeconds }) => oldestSeconds > 300)
        .map(({ queue, oldestSeconds }) => ({
          of: queue,
          summary: `A message for ${queue} has waited for ${Math.round(oldestSeconds)} s.`,
        })),
  },
  {
    name: 'HoldSweepLate',
    severity: ticket,
    runbook: '#symptoms',
    find: ({ business: { holdsOverdueSeconds: seconds } }) =>
      when(seconds > 60, `Holds keep their seats ${Math.round(seconds)} s past their end.`),
  },
  {
    name: 'RedisAway',
    severity: page,
    runbook: '#redis',
    find: ({ redis }) =>
      when(redis === undefined, 'Redis does not answer. Sales go on; jobs wait.'),
  },
  {
    name: 'RedisLostData',
    severity: page,
    runbook: '#redis',
    find: ({ redis }) =>
      when(
        (redis?.lostSeconds ?? Number.POSITIVE_INFINITY) < 60,
        'What was in Redis is gone: a flush, or a failover. Jobs are sent again from the outbox.',
      ),
  },
  {
    name: 'RedisMemory',
    severity: page,
    runbook: '#redis',
    find: ({ redis }) =>
      when(
        redis !== undefined && redis.maxBytes > 0 && redis.usedBytes > 0.85 * redis.maxBytes,
        `Redis uses ${Math.round((100 * (redis?.usedBytes ?? 0)) / (redis?.maxBytes ?? 1))} % of its memory.`,
      ),
  },
  {
    name: 'RedisEvicts',
    severity: page,
    runbook: '#redis',
    find: ({ redis }) =>
      when(
        redis !== undefined && redis.evictionPolicy !== 'noeviction',
        `Redis may throw jobs away: maxmemory-policy is ${redis?.evictionPolicy}, and must be noeviction.`,
      ),
  },
];

/** What comes from providers, and goes to them. */
const providerRules: readonly Rule[] = [
  {
    name: 'WebhookLag',
    severity: page,
    runbook: '#what-to-watch',
    find: ({ business: { eventsOpenSeconds: seconds } }) =>
      when(seconds > 60, `An event of Stripe has waited for ${Math.round(seconds)} s.`),
  },
  {
    name: 'WebhooksLost',
    severity: page,
    runbook: '#webhooks-do-not-arrive',
    find: ({ unheardEvents }) =>
      when(
        unheardEvents >= 3,
        `${unheardEvents} events within ten minutes were told by Stripe's list alone: webhooks do not arrive.`,
      ),
  },
  {
    name: 'WebhooksRefused',
    severity: page,
    runbook: '#symptoms',
    find: ({ counts }) =>
      when(
        lately(counts, 'webhook.refused') > 5,
        `${lately(counts, 'webhook.refused')} webhooks within five minutes had no signature of ours: a wrong secret, or somebody tries.`,
      ),
  },
  {
    name: 'ClockWrong',
    severity: page,
    runbook: '#symptoms',
    find: ({ counts }) =>
      when(
        lately(counts, 'webhook.too_old') >= 3,
        `${lately(counts, 'webhook.too_old')} webhooks within five minutes were signed well and too long ago: a clock is wrong.`,
      ),
  },
  {
    name: 'ProviderFails',
    severity: page,
    runbook: '#symptoms',
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
    severity: page,
    runbook: '#runbook',
    find: ({ incidents }) =>
      when(
        (incidents.get('mail.stopped') ?? 0) > 0,
        'Resend takes no mails: its key is refused, or a quota is used up. Mails wait.',
      ),
  },
  {
    name: 'MailNotDelivered',
    severity: ticket,
    runbook: '#runbook',
    find: ({ incidents }) =>
      when(
        (incidents.get('email.undelivered') ?? 0) > 0,
        'Mails have neither arrived nor come back after ten minutes.',
      ),
  },
  {
    name: 'MailDeliveryRateLow',
    severity: ticket,
    runbook: '#runbook',
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

/** Every rule of the watch that is built in. infra/prometheus/alerts.yaml says the same to Prometheus. */
export const rules: readonly Rule[] = [
  ...workRules,
  ...providerRules,
  ...moneyRules,
  ...burnRules,
  ...backupRules,
];

/** What is wrong now. */
export function findAll(signals: Signals): Finding[] {
  return rules.flatMap(({ name, severity, runbook, forS = 0, find }) =>
    find(signals).map(({ of, summary }) => ({
      key: of === undefined ? name : `${name}/${of}`,
      name,
      severity,
      summary,
      runbook: `docs/runbook.md${runbook}`,
      forS,
    })),
  );
}
