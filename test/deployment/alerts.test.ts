import { execFileSync } from 'node:child_process';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { loadTestConfig } from '#support/config';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = join(root, 'infra', 'prometheus');
const read = (...path: readonly string[]) => readFileSync(join(root, ...path), 'utf8');

const alert = z.strictObject({
  alert: z.string(),
  expr: z.string(),
  for: z.string().optional(),
  labels: z.strictObject({ severity: z.enum(['page', 'ticket']) }),
  annotations: z.strictObject({ summary: z.string(), runbook: z.string() }),
});
const { groups } = z
  .object({ groups: z.array(z.object({ rules: z.array(alert) })) })
  .parse(parse(read('infra', 'prometheus', 'alerts.yaml')));
const alerts = groups.flatMap(({ rules }) => rules);

/** Of a histogram, what Prometheus adds to its name. */
const added = /_(count|sum|bucket)$/;

/** Names before a selector, a bracket or the end of their term, other than functions and words of PromQL. */
function metricsOf(expr: string): string[] {
  const bare = expr.replaceAll(/\{[^}]*\}|\[[^\]]*\]|by \([^)]*\)/g, '');
  const names = bare.matchAll(/\b[a-z_]+_[a-z_]+\b(?!\s*\()/g);
  return [...new Set([...names].map(([name]) => name.replace(added, '')))];
}

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
