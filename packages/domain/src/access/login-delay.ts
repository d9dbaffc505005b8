/** What failed tries to log in have in common, and how patient we are with it. */
export interface Patience {
  /** Failures that cost no delay. */
  readonly free: number;
  readonly longestDelayS: number;
}

/**
 * Delays rather than locks, for a lock lets anyone keep a person out (NIST SP 800-63B-4, 3.2.2; OWASP
 * Authentication Cheat Sheet). An account guessed at from everywhere waits a minute at most between
 * two tries, which is 1,440 guesses a day; from one place it soon waits a quarter hour. Of that minute
 * whoever asks most often has the try, so a browser that its person logged in with since their last
 * password, and a session that changes it, wait for their own guesses only (OWASP, "Slow Down Online
 * Guessing Attacks with Device Cookies"). Of codes nobody is known: what is known may be older than they.
 */
export const patience = {
  accountFromPlace: { free: 5, longestDelayS: 900 },
  account: { free: 20, longestDelayS: 60 },
  place: { free: 50, longestDelayS: 900 },
  known: { free: 5, longestDelayS: 900 },
} as const satisfies Readonly<Record<string, Patience>>;

/** How long nobody may try again after so many failures, in seconds: doubling from one. */
export function delayAfter(failures: number, { free, longestDelayS }: Patience): number {
  return failures <= free ? 0 : Math.min(2 ** (failures - free - 1), longestDelayS);
}

/**
 * How many of so many failures count so long after the last try: one is forgotten in each longest delay without
 * any, so that nobody guesses faster for it in the long run, and over night all is forgotten.
 */
export function failuresLeft(
  failures: number,
  { afterS, longestDelayS }: { readonly afterS: number } & Pick<Patience, 'longestDelayS'>,
): number {
  return Math.max(0, failures - Math.floor(afterS / longestDelayS));
}
