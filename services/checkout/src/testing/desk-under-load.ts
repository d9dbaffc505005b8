/*
 * Holds at the use case, without HTTP: so many callers in a loop on one event for some seconds. Run
 * by `./liventix bench holds` as a process of its own; prints how many it placed a second.
 */
import { randomUUID } from 'node:crypto';
import { connectDatabase } from '@liventix/shared/db';
import { requestHash } from '@liventix/shared/http/idempotency-key';
import { z } from 'zod';
import { placeHold } from '#holds/place-hold';
import { openDesk } from './sale.ts';

const { database_url, slug, tier, callers, seconds } = z
  .strictObject({
    database_url: z.string(),
    slug: z.string(),
    tier: z.uuid(),
    callers: z.int(),
    seconds: z.number(),
  })
  .parse(JSON.parse(process.argv[2] ?? ''));

await using db = connectDatabase({ url: database_url, poolMax: 5 });
const desk = openDesk(db);
const body = { event: slug, items: [{ tier, quantity: 1 }] };
const hash = requestHash(body);
const startedAt = performance.now();
const until = startedAt + seconds * 1_000;
let placed = 0;
await Promise.all(
  Array.from({ length: callers }, async () => {
    while (performance.now() < until) {
      await placeHold(desk, { body, idempotencyKey: randomUUID(), requestHash: hash });
      placed += 1;
    }
  }),
);
const spentS = (performance.now() - startedAt) / 1_000;
process.stdout.write(`${JSON.stringify({ placed, perSecond: placed / spentS })}\n`);
await desk.holdDesk.close();
