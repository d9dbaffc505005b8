import { expect, test } from 'vitest';
import { repeatBackup } from './repeat.ts';

const minute = 60_000;

test('a backup that fails ends nothing: it is said, tried again soon, then ever more rarely', async () => {
  const outcomes = ['taken', 'full', 'full', 'full', 'full', 'taken', 'taken'];
  const failures: unknown[] = [];
  const pauses: number[] = [];
  const ended = new Error('the process was stopped');
  const loop = repeatBackup({
    everyMs: 6 * minute,
    take: async () => {
      const outcome = outcomes.shift();
      if (outcome !== 'taken') {
        throw new Error(outcome);
      }
    },
    say: () => undefined,
    onFailure: (error) => {
      failures.push(error);
    },
    pause: async (ms) => {
      pauses.push(ms / minute);
      if (outcomes.length === 0) {
        throw ended;
      }
    },
  });
  await expect(loop).rejects.toBe(ended);
  expect(pauses).toEqual([6, 1, 2, 4, 6, 6, 6]);
  expect(failures).toHaveLength(4);
});
