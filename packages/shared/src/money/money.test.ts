import { expect, test } from 'vitest';
import { formatMoney, inMajorUnits } from './money.ts';

test.for([
  ['usd', 12.5, '$12.50'],
  ['jpy', 1_250, '¥1,250'],
  ['kwd', 1.25, 'KWD 1.250'],
] as const)('1250 minor units of %s are %d', ([currency, major, shown]) => {
  expect(inMajorUnits(1_250, currency)).toBe(major);
  expect(formatMoney(1_250, currency, 'en').replaceAll('\u00a0', ' ')).toBe(shown);
});
