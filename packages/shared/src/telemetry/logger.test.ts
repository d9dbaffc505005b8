import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';

test('what Postgres repeats of a row beside its message is not logged', { timeout: 30_000 }, () => {
  const line = execFileSync(
    process.execPath,
    [
      '--input-type=module',
      '--eval',
      `import { createLogger } from '${new URL('./logger.ts', import.meta.url).href}';
       const detail = 'Failing row contains (Zaphira).';
       const err = Object.assign(new Error('new row violates a check'), {
         code: '23514', constraint: 'c', detail, where: detail, internalQuery: detail });
       createLogger({ name: 'test', level: 'info' }).error({ err, orderId: 'o-1' }, 'no');`,
    ],
    { encoding: 'utf8' },
  );
  expect(JSON.parse(line)).toMatchObject({
    orderId: 'o-1',
    err: { message: 'new row violates a check', code: '23514', constraint: 'c' },
  });
  expect(line).not.toContain('Zaphira');
});
