/* The naive counterpart of services/checkout/src/testing/desk-under-load.ts: a transaction a hold. */
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { connectNaive } from './naive-holds.ts';

const { database_url, slug, tier, callers, seconds } = z
  .strictObject({
    database_url: z.string(),
    slug: z.string(),
    tier: z.uuid(),
    callers: z.int(),
    seconds: z.number(),
  })
  .parse(JSON.parse(process.argv[2] ?? ''));

const shop = connectNaive(database_url);
const body = { event: slug, items: [{ tier, quantity: 1 }] };
const startedAt = performance.now();
const until = startedAt + seconds * 1_000;
let placed = 0;
await Promise.all(
  Array.from({ length: callers }, async () => {
    while (performance.now() < until) {
      try {
        await shop.placeHold({ body, key: randomUUID(), hash: 'f'.repeat(64) });
        placed += 1;
      } catch {
        // Waited longer for the row than a statement may: no hold, and the next try.
      }
    }
  }),
);
const spentS = (performance.now() - startedAt) / 1_000;
process.stdout.write(`${JSON.stringify({ placed, perSecond: placed / spentS })}\n`);
process.exit();
