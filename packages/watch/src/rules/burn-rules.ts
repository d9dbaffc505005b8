import type { Signals } from '#signals/read-signals';
import { type Rule, when } from './rule.ts';

/** docs/slo.md: of a thousand, one may fail. */
const budget = 0.001;

/**
 * At this rate a month's budget is gone in two days (Google, The Site Reliability Workbook, chapter 5). The
 * short window says that it still goes on, and a handful of failures is no rate.
 */
const burnRate = 14.4;
const failuresMin = 5;

function burns(counts: Signals['counts'], of: { all: string; failed: string }): boolean {
  const [all, failed] = [counts.get(of.all), counts.get(of.failed)];
  const isOver = (window: 'lastHour' | 'lastFiveMinutes') =>
    (failed?.[window] ?? 0) > burnRate * budget * Math.max(1, all?.[window] ?? 0);
  return (failed?.lastHour ?? 0) >= failuresMin && isOver('lastHour') && isOver('lastFiveMinutes');
}

/** What was promised, and is being broken. */
export const burnRules: readonly Rule[] = [
  {
    name: 'TicketsLate',
    severity: 'page',
    runbook: '#an-objective-is-being-missed',
    find: ({ counts }) =>
      when(
        burns(counts, { all: 'settle.orders', failed: 'settle.late' }),
        `${counts.get('settle.late')?.lastHour ?? 0} orders within an hour had their tickets later than ten seconds.`,
      ),
  },
  {
    name: 'CheckoutFails',
    severity: 'page',
    runbook: '#an-objective-is-being-missed',
    find: ({ counts }) =>
      when(
        burns(counts, { all: 'checkout.requests', failed: 'checkout.failures' }),
        `${counts.get('checkout.failures')?.lastHour ?? 0} requests of buyers within an hour ended in a fault of ours.`,
      ),
  },
];
