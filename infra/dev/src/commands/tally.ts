import { z } from 'zod';

export interface Tally {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

const report = z.object({
  numPassedTests: z.int(),
  numFailedTests: z.int(),
  numPendingTests: z.int(),
  numTodoTests: z.int(),
});

/** What a run's report counts. One that ends badly without a failed test counts as one failure. */
export function tallyOfReport(json: string, code: number): Tally {
  const read = report.parse(JSON.parse(json));
  return {
    passed: read.numPassedTests,
    failed: Math.max(read.numFailedTests, code === 0 ? 0 : 1),
    skipped: read.numPendingTests + read.numTodoTests,
  };
}

export function sumOf(tallies: readonly Tally[]): Tally {
  const sum = (count: (tally: Tally) => number) =>
    tallies.reduce((all, tally) => all + count(tally), 0);
  return {
    passed: sum(({ passed }) => passed),
    failed: sum(({ failed }) => failed),
    skipped: sum(({ skipped }) => skipped),
  };
}

/** The last line of a run: what was skipped is named only where something was. */
export function lineOf({ passed, failed, skipped }: Tally): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

/**
 * What CI is for the tests: where it is set its own value, for then nothing may be skipped; else '1', by
 * which the runner writes no expectation that is missing, and which no test takes for the truth.
 */
export function ciFor(env: { readonly CI?: string | undefined }): string {
  return env.CI ?? '1';
}
