import { execFileSync } from 'node:child_process';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadAlerts, metricsOf, root } from '#support/alerts';
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

const promtool = loadTestConfig()
  .PATH.split(delimiter)
  .map((path) => join(path, 'promtool'))
  .find((path) => existsSync(path));

test.skipIf(promtool === undefined)('fires when it should, and not before', () => {
  const run = (...args: readonly string[]) =>
    execFileSync(promtool ?? '', args, { cwd: folder, encoding: 'utf8' });
  expect(run('check', 'rules', 'alerts.yaml')).toContain('SUCCESS');
  expect(run('test', 'rules', 'alerts.test.yaml')).toContain('SUCCESS');
});
