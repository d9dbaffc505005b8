import { readFileSync } from 'node:fs';
import { problems } from '@liventix/contracts/problems';
import { expect, test } from 'vitest';

const page = readFileSync(new URL('../../docs/errors.md', import.meta.url), 'utf8');

test('docs/errors.md lists every code with its status, and no other', () => {
  const listed = [...page.matchAll(/^\| `([a-z_.]+)` \| (\d+) \|/gm)].map(([, code, status]) => [
    code,
    Number(status),
  ]);
  const known = Object.entries(problems).map(([code, { status }]) => [code, status]);
  expect(listed).toEqual(known);
});
