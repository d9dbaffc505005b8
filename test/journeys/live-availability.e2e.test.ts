import { type EventStream, openEventStream } from '@liventix/shared/testing/event-stream';
import { waitFor } from '@liventix/shared/testing/wait';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { http, placeHold, type SoldEvent, sellEvent, startWorld, type World } from '#support/world';

let world: World;
let event: SoldEvent;

beforeAll(async () => {
  world = await startWorld({ databaseUrl: inject('databaseUrl'), instances: 2 });
  event = await sellEvent(world);
});

afterAll(async () => {
  await world[Symbol.asyncDispose]();
});

async function watch(headers: Readonly<Record<string, string>> = {}): Promise<EventStream> {
  const { checkout } = world.stack.urls;
  return await openEventStream(`${checkout}/v1/events/${event.slug}/availability/stream`, headers);
}

/** Waits until a stream has told that so many are left of the first tier. */
async function tells(stream: EventStream, left: number): Promise<void> {
  await waitFor(async () => stream.events.at(-1)?.data.tiers[0].available === left, {
    what: `${left} to be left`,
  });
}

test('pages at both instances follow a sale, and outlive the stop of one', async () => {
  // The balancer takes turns: two pages at each instance.
  const pages = [await watch(), await watch(), await watch(), await watch()];
  await Promise.all(pages.map(async (page) => await tells(page, 100)));

  const hold = await placeHold(world, event, 3);
  await Promise.all(pages.map(async (page) => await tells(page, 97)));

  const ends = new Map<EventStream, string>();
  for (const page of pages) {
    void page.ended.then((end) => ends.set(page, end));
  }
  world.stack.supervisor.signal('checkout', 'SIGTERM');
  await waitFor(async () => ends.size === 2, { what: 'the streams of one instance to end' });
  expect([...ends.values()]).toEqual(['complete', 'complete']);

  const returned = await Promise.all(
    [...ends.keys()].map(async (page) => {
      const id = page.events.at(-1)?.id ?? '';
      return await waitFor(
        async () => {
          const back = await watch({ 'last-event-id': id }).catch(() => undefined);
          return back?.status === 200 ? back : undefined;
        },
        { what: 'an instance that takes the page back' },
      );
    }),
  );
  await world.stack.ready('checkout');
  await http(`${world.stack.urls.checkout}/v1/holds/${hold.body.id}`, {
    method: 'DELETE',
    token: hold.body.token,
  });
  const stayed = pages.filter((page) => !ends.has(page));
  await Promise.all([...returned, ...stayed].map(async (page) => await tells(page, 100)));
  // Who came back knew that 97 were left, and is told what is new alone.
  const told = returned.flatMap(({ events }) => events.map(({ data }) => data.tiers[0].available));
  expect(told).toEqual([100, 100]);
});
