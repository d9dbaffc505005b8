import { expect, test } from 'vitest';
import { drawCode } from './door.ts';

test('a code fits into the narrowest of terminals', async () => {
  const drawn = await drawCode(`LVX2${'A'.repeat(165)}`, { inColour: false });
  const widths = drawn.split('\n').map((line) => line.length);
  expect(Math.max(...widths)).toBeLessThanOrEqual(80);
  expect(widths.length).toBeLessThanOrEqual(30);
});
