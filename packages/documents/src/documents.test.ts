import { afterAll, expect, test } from 'vitest';
import { createDocuments } from './documents.ts';
import { readCodes, readPdf } from './testing/readers.ts';
import type { PrintedTicket, TicketSheet } from './tickets/ticket-sheet.ts';

const documents = createDocuments();
afterAll(async () => await documents.close());

const code = (version: number) => `LVX1${'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.repeat(4)}${version}`;

function sheet(
  change: Partial<PrintedTicket> = {},
  more: readonly PrintedTicket[] = [],
): TicketSheet {
  return {
    locale: 'de-CH',
    event: {
      title: 'Nacht der Lieder',
      venue: 'Großes Haus',
      startsAt: new Date('2027-03-01T19:00:00Z'),
      timezone: 'Europe/Zurich',
    },
    tickets: [
      { tier: 'Parkett', serial: '000042', holder: 'Ada', code: code(1), ...change },
      ...more,
    ],
  };
}

test('a ticket to print: its code is read back, and what stands on it, in its language and timezone', async () => {
  const [page, ...rest] = await readPdf(await documents.ticketsPdf(sheet()));
  expect(rest).toEqual([]);
  expect(page?.codes).toEqual([code(1)]);
  expect(page?.text).toContain('Parkett · Nr. 000042');
  expect(page?.text).toContain('Ada');
  expect(page?.text).toContain('Nacht der Lieder');
  expect(page?.text).toContain('20:00');
});

test('a page for each ticket, in their order', async () => {
  const second = { tier: 'Rang', serial: '000043', holder: null, code: code(2) };
  const pages = await readPdf(await documents.ticketsPdf(sheet({}, [second])));
  expect(pages.map(({ codes }) => codes)).toEqual([[code(1)], [code(2)]]);
});

test.each([
  ['Arabic, with digits', 'محمد بن موسى 42', /محمد/u],
  ['Hebrew', 'דניאל כהן', /דניאל/u],
  ['Chinese, Japanese, Korean', '王小明 さくら 김철수', /王小明.*さくら.*김철수/u],
  ['Devanagari', 'नरेंद्र मोदी', /न ?रें/u],
  ['Thai', 'สมชาย', /สมชาย/u],
  ['emoji', '🎉 Zoë', /🎉.*Zoë/u],
  [
    'markup',
    '#sys.version *x* <script>alert(1)</script> @a',
    /#sys\.version \*x\* <script>alert\(1\)/u,
  ],
  ['turned direction', 'Ada \u202eecalevoL', /Ada +ecalevoL/u],
  ['lines and controls', 'Ada\nRefunded\u0000\u2028x', /Ada +Refunded +x/u],
])('a name is set as it was written: %s', async (_what, holder, shown) => {
  const pages = await readPdf(await documents.ticketsPdf(sheet({ holder })));
  expect(pages).toHaveLength(1);
  expect(pages[0]?.codes).toEqual([code(1)]);
  expect(pages[0]?.text).toMatch(shown);
});

test('texts as long as they may be, and unbroken, leave the code and the page alone', async () => {
  const long = sheet({ holder: 'W'.repeat(300), tier: '王'.repeat(100) });
  const event = { ...long.event, title: '王'.repeat(200), venue: 'M'.repeat(300) };
  const pages = await readPdf(await documents.ticketsPdf({ ...long, event }));
  expect(pages).toHaveLength(1);
  expect(pages[0]?.codes).toEqual([code(1)]);
});

test('the same sheet is the same bytes, from the cache and from another process', async () => {
  const first = await documents.ticketsPdf(sheet());
  expect(Buffer.from(await documents.ticketsPdf(sheet())).equals(first)).toBe(true);
  const others = createDocuments();
  const again = await others.ticketsPdf(sheet());
  await others.close();
  expect(Buffer.from(again).equals(first)).toBe(true);
});

test('codes as pictures are read back', async () => {
  expect(await readCodes(await documents.codePng(code(7), 4))).toEqual([code(7)]);
  expect(await readCodes(Buffer.from(await documents.codeSvg(code(7))))).toEqual([code(7)]);
});
