import { expect, test } from 'vitest';
import { parseScale } from './scale.ts';

test('names services and how many of each', () => {
  expect(parseScale('ticketing=3, checkout=2')).toEqual({ ticketing: 3, checkout: 2 });
  expect(parseScale('')).toEqual({});
});

test.each([
  ['till=2', 'there is no service "till"'],
  ['ticketing=0', 'whole number from 1 to 16'],
  ['ticketing=many', 'whole number from 1 to 16'],
  ['ticketing', 'whole number from 1 to 16'],
])('%s is refused with what is wrong', (text, message) => {
  expect(() => parseScale(text)).toThrow(message);
});
