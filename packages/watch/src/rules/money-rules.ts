import { type Rule, when } from './rule.ts';

/** Seats and cents: what must never happen. */
export const moneyRules: readonly Rule[] = [
  {
    name: 'BooksBroken',
    severity: 'page',
    find: ({ incidents }) => {
      const broken = incidents.get('books.broken') ?? 0;
      return when(broken > 0, `${broken} rules of the books do not hold.`);
    },
  },
  {
    name: 'BooksNotAsked',
    severity: 'ticket',
    forS: 3_600,
    find: ({ books }) => {
      const unknown = books?.rulesUnknown ?? 0;
      return when(unknown > 0, `${unknown} rules of the books could not be asked for an hour.`);
    },
  },
  {
    name: 'CentsUnexplained',
    severity: 'page',
    find: ({ incidents, books }) => {
      const strangers = incidents.get('balance.unexplained') ?? 0;
      const cents = books?.unexplainedCents ?? 0;
      return when(
        strangers > 0 || cents > 0,
        `${strangers} movements of money at Stripe and ${cents} cents that came are not explained by our books.`,
      );
    },
  },
  {
    name: 'OversellGuardTripped',
    severity: 'page',
    find: ({ counts }) => {
      const trips = counts.get('guard.oversold')?.lastHour ?? 0;
      return when(
        trips > 0,
        `The last guard against overselling refused ${trips} times: the one before it has a hole. Nothing was oversold.`,
      );
    },
  },
];
