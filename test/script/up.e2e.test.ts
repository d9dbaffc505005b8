import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { waitFor } from '@liventix/shared/testing/wait';
import { afterEach, expect, test } from 'vitest';
import { z } from 'zod';

const script = join(import.meta.dirname, '..', '..', 'liventix');

const ready = z.object({
  ready: z.literal(true),
  urls: z.object({ checkout: z.url() }),
  database_url: z.string(),
  redis_url: z.string(),
  pids: z.record(z.string(), z.int()),
});

interface Up {
  readonly child: ChildProcess;
  readonly line: z.output<typeof ready>;
}

const started: ChildProcess[] = [];

async function up(): Promise<Up> {
  const child = spawn(script, ['up', '--json'], { stdio: ['ignore', 'pipe', 'ignore'], cwd: '/' });
  started.push(child);
  const { value } = await createInterface({ input: child.stdout })[Symbol.asyncIterator]().next();
  return { child, line: ready.parse(JSON.parse(value ?? '')) };
}

function isRunning(pid: number): boolean {
  return existsSync(`/proc/${pid}/stat`);
}

async function nothingIsLeft(run: Up): Promise<void> {
  await waitFor(async () => !Object.values(run.line.pids).some(isRunning), {
    what: 'every process of the stack to end',
    timeoutMs: 120_000,
  });
}

/** Ready is what it stays, though a look at its database may be late once. */
async function isReady({ line }: Up): Promise<void> {
  const url = `${line.urls.checkout}/health/ready`;
  await waitFor(async () => (await fetch(url)).status === 200, { what: `${url} to say so` });
}

afterEach(() => {
  for (const child of started.splice(0)) {
    child.kill('SIGTERM');
  }
});

test('two at once share nothing, and Ctrl-C leaves nothing running', async () => {
  const [one, two] = await Promise.all([up(), up()]);
  expect(new Set([one.line.database_url, two.line.database_url]).size).toBe(2);
  expect(new Set([one.line.redis_url, two.line.redis_url]).size).toBe(2);
  await isReady(two);
  for (const run of [one, two]) {
    const exited = once(run.child, 'exit');
    run.child.kill('SIGINT');
    expect(await exited).toEqual([130, null]);
    await nothingIsLeft(run);
  }
});

test('kill -9 leaves nothing running, and the next start cleans up and works', async () => {
  const first = await up();
  first.child.kill('SIGKILL');
  await nothingIsLeft(first);
  const next = await up();
  await isReady(next);
  const exited = once(next.child, 'exit');
  next.child.kill('SIGTERM');
  expect(await exited).toEqual([143, null]);
  await nothingIsLeft(next);
});

test('an unknown command is named, with an exit code of its own', async () => {
  const child = spawn(script, ['sell-everything'], { stdio: ['ignore', 'ignore', 'pipe'] });
  const [said, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
  expect(said).toContain('sell-everything');
  expect(code).toBeGreaterThan(0);
});
