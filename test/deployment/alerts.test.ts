import { execFileSync } from 'node:child_process';
import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { rules, runbookOf } from '@liventix/watch/rules';
import { describe, expect, test } from 'vitest';
import { loadAlerts, loadAlertTests, loadDashboards, metricsOf, root } from '#support/alerts';
import { loadTestConfig } from '#support/config';

const folder = join(root, 'infra', 'prometheus');
const read = (...path: readonly string[]) => readFileSync(join(root, ...path), 'utf8');
const alerts = loadAlerts();
const tried = loadAlertTests();

/** What our own code names: a metric is made with its name as a text. */
const sources = globSync(['packages/*/src/**/*.ts', 'services/*/src/**/*.ts'], { cwd: root })
  .filter((file) => !file.endsWith('.test.ts'))
  .map((file) => read(file))
  .join('\n');

/** Each section of the runbook by the anchor that leads to it, with what it says up to the next heading. */
const sections = new Map(
  read('docs', 'runbook.md')
    .split(/^#+ /m)
    .slice(1)
    .map((section) => {
      const [heading = '', ...lines] = section.split('\n');
      const anchor = heading
        .toLowerCase()
        .replaceAll(/[^a-z -]/g, '')
        .replaceAll(' ', '-');
      return [anchor, { heading, text: lines.join('\n').trim() }] as const;
    }),
);

/** What the runbook says about an alert: in a section of its own, under its name. */
function sectionOf(name: string, runbook: string) {
  expect(runbook).toBe(`docs/runbook.md#${name.toLowerCase()}`);
  return sections.get(name.toLowerCase()) ?? expect.fail(`no section about ${name}`);
}

describe('every alert', () => {
  test.for(alerts)(
    '$alert is about what services export, and has its section in the runbook',
    ({ alert, expr, annotations }) => {
      const metrics = metricsOf(expr);
      expect(metrics.length).toBeGreaterThan(0);
      expect(metrics.filter((name) => !sources.includes(`'${name}'`))).toEqual([]);
      const { heading, text } = sectionOf(alert, annotations.runbook);
      expect(heading).toBe(alert);
      expect(text.length).toBeGreaterThan(80);
    },
  );

  test('is seen to fire by promtool, and one of its cases not to', () => {
    const fired = new Set(tried.filter(({ fires }) => fires).map(({ alertname }) => alertname));
    const calm = new Set(tried.filter(({ fires }) => !fires).map(({ alertname }) => alertname));
    const names = alerts.map(({ alert }) => alert);
    expect(names.filter((name) => !fired.has(name))).toEqual([]);
    expect(names.filter((name) => !calm.has(name))).toEqual([]);
  });
});

test('the runbook explains no alert that nobody raises', () => {
  const known = [...alerts.map(({ alert }) => alert), ...rules.map(({ name }) => name)];
  const explained = [...sections.values()].map(({ heading }) => heading);
  const named = explained.filter((heading) => /^[A-Z][a-z]+(?:[A-Z][a-z]+)+$/.test(heading));
  expect(named.filter((name) => !known.includes(name))).toEqual(['PostgresAway']);
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

/** Alerts that only Prometheus has, and why the watch that is built in cannot or need not. */
const onlyOfPrometheus = {
  NobodyWatches: 'The watch cannot say that it is not there: whoever waits for HEARTBEAT_URL does.',
  BooksNotAudited: 'SweepLate of books.audit says it, after a quarter of the time.',
};

test('the watch that is built in says what Prometheus says, both by the same names', () => {
  const ofPrometheus = alerts.map(({ alert, labels: { severity } }) => ({ name: alert, severity }));
  const builtIn = rules.map(({ name, severity }) => ({ name, severity }));
  const byName = (one: { name: string }, other: { name: string }) =>
    one.name.localeCompare(other.name);
  expect(builtIn.toSorted(byName)).toEqual(
    ofPrometheus.filter(({ name }) => !(name in onlyOfPrometheus)).toSorted(byName),
  );
  expect(ofPrometheus.map(({ name }) => name)).toEqual(
    expect.arrayContaining(Object.keys(onlyOfPrometheus)),
  );
});

test('Postgres away is told from memory, and has its section', () => {
  const source = read('packages', 'watch', 'src', 'notify', 'blindness.ts');
  expect(source).toContain("name: 'PostgresAway'");
  expect(sectionOf('PostgresAway', runbookOf('PostgresAway')).heading).toBe('PostgresAway');
});

test('every service is expected, so that one which was never here is missed', () => {
  const migration = read('packages/domain/migrations/20261124006300_watch_again.sql');
  const expected = /array\[([^\]]+)\]/.exec(migration)?.[1]?.match(/[a-z-]+/g);
  expect(expected?.toSorted()).toEqual(readdirSync(join(root, 'services')).toSorted());
});

const { LIVENTIX_PROMTOOL: given, PATH: path, CI: isRequired } = loadTestConfig();
const promtool =
  given ??
  path
    .split(delimiter)
    .map((folderOf) => join(folderOf, 'promtool'))
    .find((file) => existsSync(file));

const it = test.skipIf(promtool === undefined && !isRequired);

it('fires when it should, and not before', { timeout: 60_000 }, () => {
  const run = (...args: readonly string[]) =>
    execFileSync(promtool ?? 'promtool', args, { cwd: folder, encoding: 'utf8' });
  expect(run('check', 'rules', 'alerts.yaml')).toContain('SUCCESS');
  expect(run('test', 'rules', 'alerts.test.yaml')).toContain('SUCCESS');
  expect(run('check', 'config', 'prometheus.yaml')).toContain('SUCCESS');
});
