import { readFileSync } from 'node:fs';
import { type Action, roles } from '@liventix/domain/access';
import { expect, test } from 'vitest';
import { matrix, mayDoByRole } from '#testing/matrix';

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
const prefix = '/admin/v1';

/** Who may, as the page says it. */
function whoMay(action: Action): string {
  const out = roles.filter((role) => !mayDoByRole[role].includes(action));
  if (out.length === 0) {
    return 'any';
  }
  return out.join() === 'door' ? 'any but door' : roles.filter((r) => !out.includes(r)).join(', ');
}

/** The rows of the page's table of routes: each route with who may call it. */
function rowsOfReadme(): string[] {
  const lines = readme.split('\n').filter((line) => /^\| `(?:GET|POST|PUT) /.test(line));
  return lines.flatMap((line) => {
    const [, routes = '', who = ''] = line.split('|').map((cell) => cell.trim());
    return [...routes.matchAll(/`(\w+) ([^`?]+)[^`]*`/g)].map(
      ([, method, path]) => `${method} ${prefix}${path?.replaceAll(/\{(\w+)\}/g, ':$1')}: ${who}`,
    );
  });
}

test('the README names every route of the admin API, and who may call it', () => {
  const routes = Object.entries(matrix).flatMap(([route, { action }]) =>
    route.includes(` ${prefix}/`) && action !== undefined ? [`${route}: ${whoMay(action)}`] : [],
  );
  expect(rowsOfReadme().toSorted()).toEqual(routes.toSorted());
});
