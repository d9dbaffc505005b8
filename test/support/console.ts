import type { Browser, BrowserContext, Page } from 'playwright-core';
import { goodPassword, invitePerson } from './people.ts';
import type { World } from './world.ts';

/** Somebody's browser, and what it complained of. */
export interface Visit {
  readonly page: Page;
  readonly context: BrowserContext;
  readonly complaints: readonly string[];
}

/** A browser in which somebody of this role has just chosen a password. */
export async function enter(
  { world, browser }: { readonly world: World; readonly browser: Browser },
  role: 'owner' | 'support' | 'door' | 'read_only',
  { name, ...context }: Parameters<Browser['newContext']>[0] & { name?: string } = {},
): Promise<Visit> {
  const { link } = await invitePerson(world, role, name);
  const made = await browser.newContext(context);
  made.setDefaultTimeout(60_000);
  const page = await made.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') {
      complaints.push(message.text());
    }
  });
  await page.goto(link);
  await page.fill('input[type=password]', goodPassword);
  await page.click('button.main');
  await page.waitForURL(/\/console/);
  return { page, context: made, complaints };
}
