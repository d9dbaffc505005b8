import { expect, test } from 'vitest';
import { delayAfter, patience } from './login-delay.ts';

test('a few failures cost nothing, then each doubles the wait up to the longest', () => {
  const delays = Array.from({ length: 18 }, (_, failures) =>
    delayAfter(failures, patience.accountFromPlace),
  );
  expect(delays.slice(0, 11)).toEqual([0, 0, 0, 0, 0, 0, 1, 2, 4, 8, 16]);
  expect(delays.at(-1)).toBe(900);
});

test('ten thousand guesses at an account take a week, from wherever they come', () => {
  const seconds = Array.from({ length: 10_000 }, (_, index) =>
    delayAfter(index + 1, patience.account),
  ).reduce((sum, delay) => sum + delay, 0);
  expect(seconds).toBeGreaterThan(6.5 * 86_400);
});
