import { type Rule, when } from './rule.ts';

/** Processes, and what waits for them. */
export const workRules: readonly Rule[] = [
  {
    name: 'ServiceSilent',
    severity: 'page',
    find: ({ silence }) =>
      silence
        .filter(({ missedSeconds }) => missedSeconds > 45)
        .map(({ service, silentSeconds }) => ({
          of: service,
          summary: `No process of ${service} has said anything for ${Math.round(silentSeconds)} s.`,
        })),
  },
  {
    name: 'SweepLate',
    severity: 'page',
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
    severity: 'page',
    find: ({ business: { paidWithoutTickets, paidWithoutTicketsSeconds: seconds } }) =>
      when(
        seconds > 60,
        `${paidWithoutTickets} orders are paid and have no tickets, the oldest for ${Math.round(seconds)} s.`,
      ),
  },
  {
    name: 'MessageDead',
    severity: 'ticket',
    find: ({ business: { messagesDead } }) =>
      when(messagesDead > 0, `${messagesDead} jobs were given up: work is left undone.`),
  },
  {
    name: 'OutboxStuck',
    severity: 'page',
    find: ({ outbox }) =>
      outbox
        .filter(({ oldestSeconds }) => oldestSeconds > 300)
        .map(({ queue, oldestSeconds }) => ({
          of: queue,
          summary: `A message for ${queue} has waited for ${Math.round(oldestSeconds)} s.`,
        })),
  },
  {
    name: 'QueueStuck',
    severity: 'page',
    find: ({ queues }) =>
      [...queues]
        .filter(([, oldestSeconds]) => oldestSeconds > 120)
        .map(([queue]) => ({
          of: queue,
          summary: `Nobody takes jobs of ${queue}: is its worker running?`,
        })),
  },
  {
    name: 'HoldSweepLate',
    severity: 'ticket',
    find: ({ business: { holdsOverdueSeconds: seconds } }) =>
      when(seconds > 60, `Holds keep their seats ${Math.round(seconds)} s past their end.`),
  },
];
