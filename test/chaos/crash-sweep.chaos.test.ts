import { afterAll, beforeAll, describe, inject, test } from 'vitest';
import { requireStrace } from '#support/trap';
import { setWeather, startWorld, violations } from '#support/world';
import { type SweepResult, sweep } from './crash-sweep.ts';
import { paths } from './paths.ts';

const results: SweepResult[] = [];

beforeAll(() => requireStrace());

afterAll(() => {
  if (results.length > 0) {
    process.stdout.write(`\n${table(results)}\n`);
  }
});

function table(rows: readonly SweepResult[]): string {
  const line = (cells: readonly (string | number)[]) =>
    cells.map((cell) => String(cell).padEnd(16)).join('');
  const seconds = (ms: number) => `${(ms / 1_000).toFixed(1)} s`;
  return [
    line(['path', 'points', 'lost', 'doubled', 'worst recovery', 'mean recovery']),
    ...rows.map((row) =>
      line([
        row.path,
        row.points,
        row.lost,
        row.doubled,
        seconds(row.worstRecoveryMs),
        seconds(row.meanRecoveryMs),
      ]),
    ),
  ].join('\n');
}

describe.concurrent('killed at every write of its work, a service loses nothing and doubles nothing', () => {
  test.for(paths)('$name', async (path, { expect: expectHere }) => {
    await using world = await startWorld({
      databaseUrl: inject('databaseUrl'),
      overrides: path.overrides,
    });
    await setWeather(world, 'stripe', { webhooks: { drop_rate: 1 } });
    const result = await sweep(world, path);
    results.push(result);
    expectHere(result.faults).toEqual([]);
    expectHere(result.missed).toEqual([]);
    expectHere(await violations(world)).toEqual([]);
  });
});
