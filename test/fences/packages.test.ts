import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { z } from 'zod';

const root = fileURLToPath(new URL('../../', import.meta.url));

const packageJson = z.object({ exports: z.record(z.string(), z.string()) });

function exportsOf(name: string): Record<string, string> {
  const file = `${root}packages/${name}/package.json`;
  return packageJson.parse(JSON.parse(readFileSync(file, 'utf8'))).exports;
}

function sources(...patterns: string[]): { file: string; text: string }[] {
  const files = patterns.flatMap((pattern) => globSync(pattern, { cwd: root }));
  return files
    .filter((file) => !file.includes('node_modules'))
    .map((file) => ({ file, text: readFileSync(`${root}${file}`, 'utf8') }));
}

test('shared knows no ticketing word', () => {
  const words = /\b(order|ticket|hold|refund|checkin)s?\b/i;
  // "in order", "lock order" and the like are English and no concept of ours.
  const english = /\b(in|the|lock|reverse) order\b|order (of|by)\b|holds? (one|it|nothing)\b/gi;
  const naming = sources('packages/shared/src/**/*.ts')
    .filter(({ file }) => !file.endsWith('.test.ts'))
    .filter(({ text }) => words.test(text.replaceAll(english, '')));
  expect(naming.map(({ file }) => file)).toEqual([]);
});

/** Sub-paths that one package uses, with the reason why they stand in shared all the same. */
const oneUser = new Map([
  ['db/array-literal', 'knows nothing of what is inserted; ingest may take it up'],
  ['http/idempotency-key', 'HTTP conventions; refunds and transfers take it up'],
  ['locks/redis-lock', 'the platform of workers; settling is its first user'],
  ['locks/advisory-lock', 'the platform of sweeps'],
  ['limits', 'HTTP counts by it too, and transfers will'],
  ['queues/ticker', 'the counterpart of queues'],
  ['sse', 'live pages; availability is the first of them'],
  ['telemetry/metrics', 'the platform of gauges; the audit of the books is the first'],
  ['telemetry/register', 'named on command lines, not imported'],
  ['testing/flaky-link', 'a fault for tests of any service'],
]);

test('every sub-path of shared has two users, or a reason', () => {
  const all = sources('{services,infra,test}/**/*.ts', 'packages/{domain,documents}/src/**/*.ts');
  const lonely = Object.keys(exportsOf('shared')).filter((path) => {
    const name = `@liventix/shared/${path.slice(2)}'`;
    const users = new Set(
      all
        .filter(({ text }) => text.includes(name))
        .map(({ file }) => file.split('/').slice(0, 2).join('/')),
    );
    return users.size < 2 && !oneUser.has(path.slice(2));
  });
  expect(lonely).toEqual([]);
});

test('shared stays small', () => {
  expect(Object.keys(exportsOf('shared')).length).toBeLessThanOrEqual(36);
});

test('a sub-path of domain is a concept, a decision of one, or its SQL', () => {
  for (const [path, file] of Object.entries(exportsOf('domain'))) {
    expect(path).toMatch(/^\.\/[a-z-]+(\/[a-z-]+)?$/);
    expect(file).toMatch(/^\.\/src\/([a-z-]+\/)?[a-z-]+\.ts$/);
  }
});

test('no source file has more than 300 lines', () => {
  const long = sources('{packages,services,infra,test}/**/*.ts')
    .filter(({ file }) => !file.endsWith('.test.ts') && !file.includes('/generated/'))
    .filter(({ text }) => text.split('\n').length > 301);
  expect(long.map(({ file }) => file)).toEqual([]);
});

test('only the producer and the board construct a queue', () => {
  const allowed = ['packages/shared/src/queues', 'services/ops/src/deps.ts'];
  const constructing = sources('{packages,services}/**/*.ts')
    .filter(({ file }) => !file.endsWith('.test.ts'))
    .filter(({ text }) => /new Queue\(/.test(text))
    .filter(({ file }) => !allowed.some((place) => file.startsWith(place)));
  expect(constructing.map(({ file }) => file)).toEqual([]);
});
