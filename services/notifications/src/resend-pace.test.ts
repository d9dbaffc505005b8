import { describe, expect, test } from 'vitest';
import { createPace } from './resend-pace.ts';

const limits = (remaining: number, more = {}) => ({
  'ratelimit-limit': '2',
  'ratelimit-policy': '2;w=1',
  'ratelimit-remaining': String(remaining),
  'ratelimit-reset': '1',
  ...more,
});

describe('the pace', () => {
  test('is what Resend says, and five a second until it does', () => {
    const pace = createPace();
    expect(pace.perSecond).toBe(5);
    pace.heed(limits(1));
    expect(pace.perSecond).toBe(2);
    pace.heed({ ...limits(1), 'ratelimit-policy': '2;w=10' });
    expect(pace.perSecond).toBe(0.2);
  });

  test('lets calls through while there is something left', async () => {
    const pace = createPace(() => 0);
    pace.heed(limits(1));
    await expect(pace.ready()).resolves.toBeUndefined();
  });

  test('gives the queue a mail back that would wait long, with the time', async () => {
    const pace = createPace(() => 0);
    pace.heed(limits(0, { 'retry-after': '3600' }));
    await expect(pace.ready()).rejects.toMatchObject({
      code: 'resend.unavailable',
      dependency: true,
      details: { retryAfterMs: expect.toSatisfy((ms: number) => ms >= 3_600_000) },
    });
  });

  test('waits for the next window itself when it is near', async () => {
    let now = 0;
    const pace = createPace(() => now);
    pace.heed({ ...limits(0), 'ratelimit-reset': '0.02' });
    const waited = pace.ready();
    now = 20;
    await expect(waited).resolves.toBeUndefined();
    await expect(pace.ready()).resolves.toBeUndefined();
  });

  test('heeds no limit that is none', async () => {
    const pace = createPace(() => 0);
    pace.heed({ ...limits(0), 'ratelimit-limit': '0' });
    await expect(pace.ready()).resolves.toBeUndefined();
    expect(pace.perSecond).toBe(5);
  });
});
