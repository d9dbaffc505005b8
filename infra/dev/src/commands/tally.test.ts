import { expect, test } from 'vitest';
import { ciFor, lineOf, sumOf, tallyOfReport } from './tally.ts';

const report = (counts: Readonly<Record<string, number>>) =>
  JSON.stringify({
    numPassedTests: 7,
    numFailedTests: 0,
    numPendingTests: 0,
    numTodoTests: 0,
    ...counts,
  });

test('what was skipped is counted, and named only where something was', () => {
  const all = tallyOfReport(report({}), 0);
  expect(lineOf(all)).toBe('7 passed, 0 failed');
  const some = tallyOfReport(report({ numPendingTests: 2, numTodoTests: 1 }), 0);
  expect(lineOf(sumOf([all, some]))).toBe('14 passed, 0 failed, 3 skipped');
});

test('a run that ends badly has failed, whatever its report says', () => {
  expect(tallyOfReport(report({}), 1)).toMatchObject({ failed: 1 });
  expect(tallyOfReport(report({ numFailedTests: 3 }), 1)).toMatchObject({ failed: 3 });
});

test('tests are told the truth about CI', () => {
  expect(ciFor({ CI: 'true' })).toBe('true');
  expect(ciFor({})).toBe('1');
});
