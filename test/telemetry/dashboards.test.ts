import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadAlerts, loadDashboards, metricsOf, root } from '#support/alerts';
import { type LabelAsked, labelsAsked, takes } from '#support/promql';

const sources = globSync(['packages/*/src/**/*.ts', 'services/*/src/**/*.ts'], { cwd: root })
  .filter((file) => !file.endsWith('.test.ts'))
  .map((file) => readFileSync(join(root, file), 'utf8'))
  .join('\n');

/** Every text that our code writes out: names of outcomes, kinds, codes, constraints and routes are. */
const texts = new Set([...sources.matchAll(/'([^'\n]*)'/g)].map(([, text = '']) => text));
const routes = [...texts].filter((text) => /^\/[\w:/.-]*$/.test(text));
const statuses = Array.from({ length: 500 }, (_, at) => String(100 + at));

/** What a label may say. */
function valuesOf({ label }: LabelAsked): Iterable<string> {
  switch (label) {
    case 'route':
      return routes;
    case 'status':
      return statuses;
    case 'le':
      return [...sources.matchAll(/buckets: \[([^\]]*)\]/g)].flatMap(([, list = '']) =>
        list.split(',').map((bound) => bound.trim().replaceAll('_', '')),
      );
    default:
      return texts;
  }
}

const questions = [
  ...loadAlerts().map(({ alert, expr }) => ({ of: `the alert ${alert}`, expr })),
  ...loadDashboards().flatMap(({ uid, panels }) =>
    panels.flatMap(({ title, targets }) =>
      targets.map(({ expr }) => ({ of: `${uid}, ${title}`, expr })),
    ),
  ),
];

describe('what is asked of Prometheus', () => {
  test.for(questions)('$of: names metrics, and values that our code writes', ({ expr }) => {
    expect(metricsOf(expr).length, expr).toBeGreaterThan(0);
    const unknown = labelsAsked(expr).filter((asked) => {
      const values = [...valuesOf(asked)];
      // Each alternative of a pattern must take something, or one of them is a slip.
      const { text, isPattern } = asked.value ?? { text: '.*', isPattern: true };
      const wanted = isPattern && /^[\w|]+$/.test(text) ? text.split('|') : [text];
      return wanted.some((one) => !values.some((value) => takes({ text: one, isPattern }, value)));
    });
    expect(unknown).toEqual([]);
  });

  test('a metric with a number in its name is one, and functions are none', () => {
    expect(metricsOf('nodejs_eventloop_lag_p99_seconds')).toEqual([
      'nodejs_eventloop_lag_p99_seconds',
    ]);
    expect(
      metricsOf('histogram_quantile(0.99, sum by (le) (rate(job_attempts_bucket[5m])))'),
    ).toEqual(['job_attempts']);
  });

  test('a route that nobody has is found', () => {
    const [asked] = labelsAsked('http_request_duration_seconds_count{route=~"/v1/gate/.+"}');
    const { value = expect.fail('nothing is asked') } = asked ?? {};
    expect(routes.filter((route) => takes(value, route))).toEqual([]);
  });
});

test('the dashboard of the door shows the route at which tickets are scanned', () => {
  const door = loadDashboards().find(({ uid }) => uid === 'liventix-door');
  const asked = (door?.panels ?? [])
    .filter(({ title }) => title.startsWith('Scans a second') || title.startsWith('Scans, '))
    .flatMap(({ targets }) => targets.flatMap(({ expr }) => labelsAsked(expr)))
    .filter(({ label }) => label === 'route');
  expect(asked).toHaveLength(3);
  expect(routes).toContain('/v1/check-ins');
  expect(asked.every(({ value }) => value !== undefined && takes(value, '/v1/check-ins'))).toBe(
    true,
  );
});
