import { type Rule, when } from './rule.ts';

const books = '#when-the-books-are-broken';

/** Seats and cents: what must never happen. */
export const moneyRules: readonly Rule[] = [
  {
    name: 'BooksBroken',
    severity: 'page',
    runbook: books,
    find: ({ incidents }) => {
      const broken = incidents.get('books.broken') ?? 0;
      return when(broken > 0, `${broken} rules of the books do not hold.`);
    },
  },
  {
    name: 'CentsUnexplained',
    severity: 'page',
    runbook: books,
    find: ({ incidents }) => {
      const unexplained = incidents.get('balance.unexplained') ?? 0;
      return when(
        unexplained > 0,
        `${unexplained} movements of money at Stripe are not in our books.`,
      );
    },
  },
  {
    name: 'OversellGuardTripped',
    severity: 'page',
    runbook: books,
    find: ({ counts }) => {
      const trips = counts.get('guard.oversold')?.lastHour ?? 0;
      return when(
        trips > 0,
        `The last guard against overselling refused ${trips} times: the one before it has a hole. Nothing was oversold.`,
      );
    },
  },
];
