import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Names of variables that a config file's schema declares. */
function declaredIn(file: string): string[] {
  const text = readFileSync(file, 'utf8');
  return [...text.matchAll(/^ {2,4}([A-Z][A-Z0-9_]+):/gm)].map(([, name]) => name ?? '');
}

test('.env.example names every variable of every service, and no other', () => {
  const files = [
    ...globSync('services/*/src/config.ts', { cwd: root }),
    'packages/shared/src/config/fields.ts',
    'packages/shared/src/telemetry/config.ts',
    'packages/watch/src/config.ts',
  ];
  const declared = new Set(files.flatMap((file) => declaredIn(`${root}${file}`)));
  const example = readFileSync(`${root}.env.example`, 'utf8');
  const listed = new Set(
    [...example.matchAll(/^#? ?([A-Z][A-Z0-9_]+)=/gm)].map(([, name]) => name),
  );
  expect([...listed].toSorted()).toEqual([...declared].toSorted());
});
