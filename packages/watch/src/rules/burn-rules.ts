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

interface Share {
  readonly all: number;
  readonly failed: number;
}

function burns(lastHour: Share, lastFiveMinutes: Share): boolean {
  const isOver = ({ all, failed }: Share) => failed > burnRate * budget * Math.max(1, all);
  return lastHour.failed >= failuresMin && isOver(lastHour) && isOver(lastFiveMinutes);
}

/** What was counted within a time, and what is being counted now. */
function share(
  counts: Signals['counts'],
  of: { readonly all: string; readonly failed: string; readonly now?: number },
  within: 'lastHour' | 'lastFiveMinutes',
): Share {
  const { all, failed, now = 0 } = of;
  const counted = (kind: string) => (counts.get(kind)?.[within] ?? 0) + now;
  return { all: counted(all), failed: counted(failed) };
}

/** What was promised, and is being broken. */
export const burnRules: readonly Rule[] = [
  {
    name: 'TicketsLate',
    severity: 'page',
    find: ({ counts, business: { paidLate } }) => {
      // An order is counted with its tickets: in an outage there are none, so those that wait count as well.
      const of = { all: 'settle.orders', failed: 'settle.late', now: paidLate };
      const lastHour = share(counts, of, 'lastHour');
      return when(
        burns(lastHour, share(counts, of, 'lastFiveMinutes')),
        `${lastHour.failed} orders within an hour had their tickets later than ten seconds, or wait for them.`,
      );
    },
  },
  {
    name: 'CheckoutFails',
    severity: 'page',
    find: ({ counts }) => {
      const of = { all: 'checkout.requests', failed: 'checkout.failures' };
      const lastHour = share(counts, of, 'lastHour');
      return when(
        burns(lastHour, share(counts, of, 'lastFiveMinutes')),
        `${lastHour.failed} requests of buyers within an hour ended in a fault of ours.`,
      );
    },
  },
];
