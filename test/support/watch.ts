import type { Browser, BrowserContext, Frame, Page } from 'playwright-core';
import { z } from 'zod';

/** What a browser met with on one page. */
export interface Sight {
  /** Where it ended up, without query and ids. */
  readonly place: string;
  /** What no page of ours does, as `kind: what`. */
  readonly alarms: readonly string[];
  /** Each element with its attributes, in the order and depth of the page and of all its frames. */
  readonly markup: readonly string[];
  /** All text, also that of titles and styles. */
  readonly text: string;
}

export interface Watch extends AsyncDisposable {
  /** Does something with the page and tells what came of it, once the page is at rest. */
  see(act: (page: Page) => Promise<unknown>): Promise<Sight>;
}

/** A fresh profile of the browser, with scripts on, that reaches nothing but these addresses. */
export async function openWatch(browser: Browser, origins: readonly string[]): Promise<Watch> {
  const context = await browser.newContext({ serviceWorkers: 'block' });
  await context.addInitScript(tellOfMarks);
  let alarms: string[] = [];
  const alarm = (what: string) => {
    alarms.push(what);
  };
  await guardRequests(context, { origins, alarm });
  const page = await context.newPage();
  context.on('page', () => alarm('script: a window was opened'));
  listen(page, alarm);
  return {
    see: async (act) => {
      alarms = [];
      await act(page);
      await page.waitForLoadState('load');
      // A page that goes on to another one takes what runs in it along.
      const left = () => alarm('navigation: the page was left');
      await page.evaluate(rest).catch(left);
      const frames = await Promise.all(
        page.frames().map(async (frame) => await portray(frame).catch(left)),
      );
      return {
        place: withoutIds(page.url().replace(/\?.*$/, '')),
        alarms,
        markup: frames.flatMap((frame) => frame?.markup ?? []),
        text: legible(frames.map((frame) => frame?.text ?? '').join(' ')),
      };
    },
    [Symbol.asyncDispose]: async () => await context.close(),
  };
}

/** The text as it is compared: browsers fold blanks, and so do we. */
export function legible(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}

/** What one sight has that the same page with harmless names has not, or the other way round. */
export function difference(seen: Sight, plain: Sight): string[] {
  const place = seen.place === plain.place ? [] : [`navigation: ${seen.place}`];
  const known = [...plain.alarms];
  const alarms = seen.alarms.filter((one) => {
    const at = known.indexOf(one);
    return at === -1 || known.splice(at, 1).length === 0;
  });
  return [...place, ...alarms, ...markupDifference(seen.markup, plain.markup)];
}

function markupDifference(seen: readonly string[], plain: readonly string[]): string[] {
  const at = seen.findIndex((line, index) => line !== plain[index]);
  const first = at === -1 ? seen.length : at;
  return seen.length === plain.length && at === -1
    ? []
    : [`markup: ${seen[first] ?? 'nothing'} where ${plain[first] ?? 'nothing'} should be`];
}

async function guardRequests(
  context: BrowserContext,
  guard: { readonly origins: readonly string[]; readonly alarm: (what: string) => void },
): Promise<void> {
  await context.route('**/*', async (route) => {
    const request = route.request();
    const { protocol, origin } = new URL(request.url());
    if (protocol === 'data:' || guard.origins.includes(origin)) {
      await route.continue();
      return;
    }
    const isLeaving = request.isNavigationRequest() && request.frame().parentFrame() === null;
    guard.alarm(`${isLeaving ? 'navigation' : 'request'}: ${request.url()}`);
    await route.abort();
  });
}

function listen(page: Page, alarm: (what: string) => void): void {
  page.on('dialog', async (dialog) => {
    alarm(`script: dialog ${dialog.message()}`);
    await dialog.dismiss();
  });
  page.on('console', (message) => {
    const text = message.text();
    if (text.startsWith(mark)) {
      alarm(`script: ${text}`);
    } else if (message.type() === 'error') {
      alarm(`console: ${text}`);
    }
  });
  page.on('pageerror', (error) => alarm(`script: ${error.message}`));
  page.on('websocket', (socket) => alarm(`request: ${socket.url()}`));
  page.on('download', (download) => alarm(`request: ${download.url()}`));
}

const mark = '__xss was set to';

/*
 * What follows runs in the page. It is text, since types of browsers are not part of this project,
 * and what it returns is parsed.
 */

/** Says it at once when a payload sets `__xss`, in whichever frame and however soon it leaves. */
const tellOfMarks = `Object.defineProperty(window, '__xss', {
  set(value) { console.debug('${mark} ' + value); },
});`;

/** Two frames are drawn, so that focus, animations and what waits for them have begun. */
const rest = `new Promise((done) =>
  requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done))))`;

/** Attributes whose values do something; of others only the names are compared. */
const active = [
  ...['href', 'src', 'srcset', 'action', 'formaction', 'style', 'content', 'http-equiv', 'rel'],
  ...['data', 'poster', 'background', 'xlink:href', 'target', 'ping', 'type', 'name', 'method'],
];

const portrait = `(() => {
  const markup = [];
  const walk = (element, depth) => {
    const attributes = [...element.attributes].map(({ name, value }) =>
      ${JSON.stringify(active)}.includes(name) ? name + '=' + value : name);
    markup.push('  '.repeat(depth) + element.localName + ' ' + attributes.sort().join(' '));
    const inside = [...element.children, ...(element.shadowRoot?.children ?? [])];
    for (const child of [...inside, ...(element.content?.children ?? [])]) {
      walk(child, depth + 1);
    }
  };
  walk(document.documentElement, 0);
  return { markup, text: document.documentElement.textContent };
})()`;

const portrayed = z.object({ markup: z.array(z.string()), text: z.string() });

async function portray(frame: Frame): Promise<z.output<typeof portrayed>> {
  const { markup, text } = portrayed.parse(await frame.evaluate(portrait));
  return { markup: markup.map(withoutIds), text };
}

/** Tokens, ids, ports and pictures differ from one order to the next. */
function withoutIds(line: string): string {
  return line
    .replaceAll(/(data:[a-z/+-]+;base64),[\w+/=]+/g, '$1')
    .replaceAll(/[\w.~-]{20,}/g, '#')
    .replaceAll(/night-[\w-]+/g, '#');
}

/** Shows HTML on a page of no origin and no policy, as a mail program without any protection does. */
export async function showHtml(page: Page, html: string): Promise<void> {
  await page.goto('about:blank');
  await page.setContent(html);
}

/**
 * The same in a profile of its own: what harm does may go on after it was seen, as a page that is
 * still on its way elsewhere, and would then interrupt whoever comes next.
 */
export async function seeHarm(
  browser: Browser,
  origins: readonly string[],
  html: string,
): Promise<Sight> {
  await using watch = await openWatch(browser, origins);
  return await watch.see(async (page) => await showHtml(page, html));
}
