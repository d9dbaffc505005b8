import { setTimeout as sleep } from 'node:timers/promises';
import { createLogger } from '@liventix/shared/telemetry/logger';
import { afterEach, expect, test, vi } from 'vitest';
import { createSweep, type Sweep } from './sweep.ts';

const log = createLogger({ name: 'test', level: 'silent' });
let sweep: Sweep | undefined;

afterEach(async () => {
  await sweep?.close();
  vi.useRealTimers();
});

test('runs by its own timer when nobody asks for it', async () => {
  vi.useFakeTimers();
  const work = vi.fn(async () => undefined);
  sweep = createSweep({ name: 'test', everyMs: 1_000, work, log });
  await vi.advanceTimersByTimeAsync(6_500);
  expect(work).toHaveBeenCalledTimes(3);
});

test('leaves it to the queue while the queue asks', async () => {
  vi.useFakeTimers();
  const work = vi.fn(async () => undefined);
  sweep = createSweep({ name: 'test', everyMs: 1_000, work, log });
  for (let asked = 0; asked < 5; asked += 1) {
    await vi.advanceTimersByTimeAsync(1_000);
    await sweep.run();
  }
  expect(work).toHaveBeenCalledTimes(5);
});

test('never runs twice at once: who asks meanwhile waits for the same run', async () => {
  let running = 0;
  let most = 0;
  const work = vi.fn(async () => {
    running += 1;
    most = Math.max(most, running);
    await sleep(20);
    running -= 1;
  });
  sweep = createSweep({ name: 'test', everyMs: 60_000, work, log });
  await Promise.all([sweep.run(), sweep.run(), sweep.run()]);
  expect([work.mock.calls.length, most]).toEqual([1, 1]);
  await sweep.run();
  expect(work).toHaveBeenCalledTimes(2);
});

test('a failed run is told to who asked, and the next one starts anew', async () => {
  const work = vi.fn(async () => undefined).mockRejectedValueOnce(new Error('boom'));
  sweep = createSweep({ name: 'test', everyMs: 60_000, work, log });
  await expect(sweep.run()).rejects.toThrow('boom');
  await expect(sweep.run()).resolves.toBeUndefined();
});

test('closing waits for the run that is under way', async () => {
  let isDone = false;
  sweep = createSweep({
    name: 'test',
    everyMs: 60_000,
    log,
    work: async () => {
      await sleep(30);
      isDone = true;
    },
  });
  const run = sweep.run();
  await sweep.close();
  expect(isDone).toBe(true);
  await run;
});
