import { execFileSync } from 'node:child_process';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { rules } from '@liventix/watch/rules';
import { describe, expect, test } from 'vitest';
import { loadAlerts, loadDashboards, metricsOf, root } from '#support/alerts';
import { loadTestConfig } from '#support/config';

const folder = join(root, 'infra', 'prometheus');
const read = (...path: readonly string[]) => readFileSync(join(root, ...path), 'utf8');
const alerts = loadAlerts();

/** What our own code names: a metric is made with its name as a text. */
const sources = globSync(['packages/*/src/**/*.ts', 'services/*/src/**/*.ts'], { cwd: root })
  .filter((file) => !file.endsWith('.test.ts'))
  .map((file) => read(file))
  .join('\n');

const headings = read('docs', 'runbook.md')
  .split('\n')
  .filter((line) => line.startsWith('#'))
  .map((line) =>
    line
      .replace(/^#+ /, '')
      .toLowerCase()
      .replaceAll(/[^a-z ]/g, '')
      .replaceAll(' ', '-'),
  );

describe('every alert', () => {
  test.for(alerts)(
    '$alert is about what services export, and has a section in the runbook',
    ({ expr, annotations }) => {
      const metrics = metricsOf(expr);
      expect(metrics.length).toBeGreaterThan(0);
      expect(metrics.filter((name) => !sources.includes(`'${name}'`))).toEqual([]);
      const [page, anchor = ''] = annotations.runbook.split('#');
      expect(page).toBe('docs/runbook.md');
      expect(headings).toContain(anchor);
    },
  );
});

test('there is a dashboard of the sale, queues, money, mail and the door, each panel with a question', () => {
  const dashboards = loadDashboards();
  expect(dashboards.map(({ uid }) => uid).toSorted()).toEqual(
    ['door', 'mail', 'money', 'queues', 'sale'].map((name) => `liventix-${name}`),
  );
  for (const { panels } of dashboards) {
    const titles = panels.map(({ title }) => title);
    expect(new Set(titles).size).toBe(titles.length);
  }
});

test('the watch that is built in says what Prometheus says, and where to look', () => {
  const built = rules.map(({ name, severity, runbook }) => ({ name, severity, runbook }));
  const known = new Map(alerts.map((of) => [of.alert, of]));
  // Prometheus scrapes no Redis, and knows of it through what the sweeper can read.
  const missing = built.filter(({ name }) => !known.has(name)).map(({ name }) => name);
  expect(missing).toEqual(['RedisAway']);
  for (const { name, severity, runbook } of built.filter((rule) => known.has(rule.name))) {
    expect(known.get(name)?.labels.severity, name).toBe(severity);
    expect(known.get(name)?.annotations.runbook, name).toBe(`docs/runbook.md${runbook}`);
  }
  expect(built.every(({ runbook }) => headings.includes(runbook.slice(1)))).toBe(true);
});

const { LIVENTIX_PROMTOOL: given, PATH: path, CI: isRequired } = loadTestConfig();
const promtool =
  given ??
  path
    .split(delimiter)
    .map((folderOf) => join(folderOf, 'promtool'))
    .find((file) => existsSync(file));

test.skipIf(promtool === undefined && !isRequired)('fires when it should, and not before', () => {
  const run = (...args: readonly string[]) =>
    execFileSync(promtool ?? 'promtool', args, { cwd: folder, encoding: 'utf8' });
  expect(run('check', 'rules', 'alerts.yaml')).toContain('SUCCESS');
  expect(run('test', 'rules', 'alerts.test.yaml')).toContain('SUCCESS');
});
