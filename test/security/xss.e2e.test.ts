import { randomUUID } from 'node:crypto';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject } from 'vitest';
import { launchChromium, test } from '#support/chromium';
import { admin } from '#support/codes';
import { giveCredit } from '#support/wallets';
import { difference, legible, openWatch, type Sight, seeHarm, type Watch } from '#support/watch';
import { type Answer, sellEvent, startWorld, violations, type World } from '#support/world';
import { type Names, type OpenedMail, openMail, originsOf, takeTour } from './journey.ts';
import { hostile, type Place, packed, places } from './payloads.ts';

let world: World;
let browser: Browser;

beforeAll(async () => {
  [world, browser] = await Promise.all([
    startWorld({ databaseUrl: inject('databaseUrl') }),
    launchChromium(),
  ]);
});
afterAll(async () => {
  await browser?.close();
  expect(await violations(world)).toEqual([]);
  await world[Symbol.asyncDispose]();
});

const plainNames: Names = {
  title: 'A Night',
  venue: 'The Hall',
  tiers: ['Floor', 'Balcony', 'Box'],
  buyer: 'Ada Lovelace',
  holder: 'Grace Hopper',
  promo: 'EARLY',
};

/** 200 characters are the most that titles, venues and people may have, 100 that tiers may. */
const long = packed(200);
const short = packed(100);
const tours = Math.max(long.length, Math.ceil(short.length / plainNames.tiers.length));

/** In all `tours` together every field has every payload. */
function hostileNames(n: number): Names {
  const at = (field: number) => long[(n + field) % long.length] ?? '';
  const tiers = plainNames.tiers.map((_, tier) => short[(3 * n + tier) % short.length] ?? '');
  return { title: at(0), venue: at(1), tiers, buyer: at(2), holder: at(3), promo: at(4) };
}

async function openMailOf(watch: Watch, walletId: string): Promise<OpenedMail> {
  const { rows } = await world.db.pool.raw(
    'select provider_id as at from emails where wallet_id = :walletId',
    { walletId },
  );
  return await openMail(watch, `${world.stack.urls.resend}/inbox/${rows[0].at}`);
}

/** Which elements list the mails by their subjects, however many there are. */
async function elementsOfInbox(): Promise<ReadonlySet<string>> {
  await using watch = await openWatch(browser, originsOf(world));
  const { alarms, markup } = await watch.see(
    async (tab) => await tab.goto(world.stack.urls.resend),
  );
  expect(alarms).toEqual([]);
  return new Set(markup);
}

describe('the watch', () => {
  test('finds every payload where text is not escaped', async () => {
    const show = async (html: string) => await seeHarm(browser, originsOf(world), html);
    const harmless = new Map<Place, Sight>();
    for (const { text, place, harm } of hostile) {
      const plain = harmless.get(place) ?? (await show(places[place]('red')));
      harmless.set(place, plain);
      const seen = await show(places[place](text));
      const words = seen.text.includes(legible(text)) ? [] : ['words: others than the text'];
      const found = [...difference(seen, plain), ...words];
      expect.soft(found, text).toContainEqual(expect.stringMatching(`^${harm}: `));
    }
  });
});

describe('names that attack', () => {
  test('are read as text on every page and in every mail of a sale', async () => {
    const plain = await takeTour({ world, browser }, plainNames);
    const inbox = await elementsOfInbox();
    for (const [what, { sight, unsaid }] of plain) {
      expect([...sight.alarms, ...unsaid], what).toEqual([]);
    }
    // No request gets such a code past this check. Without it, only escaping is left.
    await world.db.pool.raw('alter table promo_codes drop constraint promo_codes_code_check');
    const left = Array.from({ length: tours }, (_, n) => n);
    const tourist = async () => {
      for (let n = left.shift(); n !== undefined; n = left.shift()) {
        const album = await takeTour({ world, browser }, hostileNames(n));
        expect([...album.keys()]).toEqual([...plain.keys()]);
        for (const [what, { sight, unsaid }] of album) {
          const harmless = plain.get(what)?.sight ?? expect.fail(`no ${what}`);
          expect.soft([...difference(sight, harmless), ...unsaid], `${what}, ${n}`).toEqual([]);
        }
      }
    };
    // Most of a tour is waiting for others: three at once keep two cores busy.
    await Promise.all([tourist(), tourist(), tourist()]);
    expect(await elementsOfInbox()).toEqual(inbox);
  });

  test('are read as text in the mail that brings credit, which the organization’s name heads', async () => {
    await using watch = await openWatch(browser, originsOf(world));
    const credited = async (name: string) => {
      expect((await admin(world, 'PUT /organization', { name })).status).toBe(200);
      const wallet = await giveCredit(world, 1_000);
      const url = `${world.stack.urls.checkout}/wallets/t/${wallet.token}`;
      const page = await watch.see(async (tab) => await tab.goto(url));
      return { page, ...(await openMailOf(watch, wallet.id)) };
    };
    const plain = await credited('The House');
    for (const name of long) {
      const seen = await credited(name);
      expect.soft(difference(seen.page, plain.page), name).toEqual([]);
      expect.soft(difference(seen.kept, plain.kept), name).toEqual([]);
      expect.soft(difference(seen.bare, plain.bare), name).toEqual([]);
      expect.soft(legible(seen.bare.text)).toContain(legible(name.replace('\u202e', ' ')));
      if (/<[a-z]/i.test(name)) {
        // The same mail, had nobody escaped the name.
        const careless = seen.html.replaceAll('&lt;', '<').replaceAll('&gt;', '>');
        const harmed = await seeHarm(browser, originsOf(world), careless);
        expect.soft(difference(harmed, plain.bare), name).not.toEqual([]);
      }
    }
  });
});

test('addresses that attack are read by nobody', async () => {
  await using watch = await openWatch(browser, originsOf(world));
  const kinds = ['orders', 'tickets', 'transfers', 'wallets'];
  const open = async (kind: string, token: string) => {
    const url = `${world.stack.urls.checkout}/${kind}/t/${encodeURIComponent(token)}`;
    return await watch.see(async (tab) => await tab.goto(url));
  };
  const plain = await open('orders', 'harmless');
  for (const [index, name] of short.entries()) {
    const seen = await open(kinds[index % kinds.length] ?? '', name);
    expect.soft(seen.text, name).toContain('This token is not one of ours');
    expect.soft(seen.text, name).not.toContain(legible(name));
    expect.soft(difference({ ...seen, place: plain.place }, plain), name).toEqual([]);
  }
});

test('what has a form of its own takes no other text', async () => {
  const event = await sellEvent(world);
  const promo = { code: 'EARLY', discount: { percent: 10 } };
  const attempts = (text: string) => [
    attemptEvent({ slug: text }),
    attemptEvent({ locale: text }),
    attemptEvent({ timezone: text }),
    attemptEvent({ currency: text }),
    admin(world, `POST /events/${event.id}/promo-codes`, { ...promo, code: text }),
    admin(world, `POST /events/${event.id}/access-codes`, { code: text, tiers: event.tierIds }),
  ];
  for (const { text } of hostile) {
    const answers = await Promise.all(attempts(text));
    const others = answers.map(({ status }) => status).filter((one) => one !== 400 && one !== 422);
    expect.soft(others, text).toEqual([]);
  }
});

async function attemptEvent(more: Readonly<Record<string, unknown>>): Promise<Answer> {
  return await admin(world, 'POST /events', {
    slug: `night-${randomUUID()}`,
    title: 'A Night',
    venue: 'The Hall',
    starts_at: '2031-05-01T20:00:00+02:00',
    ends_at: '2031-05-01T23:00:00+02:00',
    timezone: 'Europe/Zurich',
    currency: 'eur',
    tiers: [{ name: 'Floor', price_cents: 2_500, capacity: 100 }],
    ...more,
  });
}
