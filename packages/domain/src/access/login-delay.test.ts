import { expect, test } from 'vitest';
import { delayAfter, failuresLeft, type Patience, patience } from './login-delay.ts';

test('a few failures cost nothing, then each doubles the wait up to the longest', () => {
  const delays = Array.from({ length: 18 }, (_, failures) =>
    delayAfter(failures, patience.accountFromPlace),
  );
  expect(delays.slice(0, 11)).toEqual([0, 0, 0, 0, 0, 0, 1, 2, 4, 8, 16]);
  expect(delays.at(-1)).toBe(900);
});

/** Failures and seconds waited after so many guesses, each made as soon as it may be. */
function guessing(guesses: number, kind: Patience): { failures: number; waitedS: number } {
  let [failures, waitedS, delayS] = [0, 0, 0];
  for (let n = 0; n < guesses; n += 1) {
    failures = 1 + failuresLeft(failures, { afterS: delayS, ...kind });
    delayS = delayAfter(failures, kind);
    waitedS += delayS;
  }
  return { failures, waitedS };
}

test('ten thousand guesses at an account take a week, from wherever they come', () => {
  expect(guessing(10_000, patience.account).waitedS).toBeGreaterThan(6.5 * 86_400);
});

test.for(Object.entries(patience))(
  'however often %s is guessed at or from, half a day later all is forgotten',
  ([, kind]) => {
    const { failures } = guessing(10_000, kind);
    expect(failuresLeft(failures, { afterS: 16 * 3_600, ...kind })).toBe(0);
  },
);
