import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { startWorld, type World } from '#support/world';

const tutorial = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'tutorial.md'), 'utf8');

let world: World;

beforeAll(async () => {
  world = await startWorld({ databaseUrl: inject('databaseUrl') });
});

afterAll(async () => {
  await world[Symbol.asyncDispose]();
});

test('the pieces of the tutorial, put together, sell two tickets', async () => {
  const pieces = [...tutorial.matchAll(/^```js\n([\s\S]*?)^```$/gm)].map(([, code]) => code);
  expect(pieces.length).toBe(6);
  const folder = mkdtempSync(join(tmpdir(), 'liventix-tutorial-'));
  writeFileSync(join(folder, 'sell.mjs'), pieces.join('\n'));
  const { urls, adminApiKey } = world.stack;
  const { stdout } = await promisify(execFile)(process.execPath, ['sell.mjs'], {
    cwd: folder,
    env: { CHECKOUT: urls.checkout, OPS: urls.ops, STRIPE: urls.stripe, KEY: adminApiKey },
    timeout: 120_000,
  });
  rmSync(folder, { recursive: true });
  expect(stdout).toContain('Tutorial Night: Floor at 25 eur, 100 left');
  expect(stdout.match(/^ticket \d{6}: http/gm)).toHaveLength(2);
  const [page = ''] = /(?<=^page: ).*$/m.exec(stdout) ?? [];
  expect((await fetch(page)).status).toBe(200);
});
