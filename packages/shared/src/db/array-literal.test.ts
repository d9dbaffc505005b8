import { expect, test } from 'vitest';
import { arrayLiteral } from './array-literal.ts';

test('plain values become an array, and null stays null', () => {
  expect(arrayLiteral([])).toBe('{}');
  expect(arrayLiteral(['a-1', 2, null])).toBe('{a-1,2,NULL}');
  expect(arrayLiteral(['2030-01-01T00:00:00.000Z'])).toBe('{2030-01-01T00:00:00.000Z}');
});

test.for(['a,b', '{', '"', '\\', 'a b', "'"])('%s is refused', (value) => {
  expect(() => arrayLiteral([value])).toThrow('quoting');
});
