import { expect, test } from 'vitest';
import { createTokens } from './tokens.ts';

const older = { kid: 'k1', secret: 'a'.repeat(32) };
const newer = { kid: 'k2', secret: 'b'.repeat(32) };
const id = '0199a000-0000-7000-8000-000000000001';

test('a token names exactly what it was issued for, and is the same each time', () => {
  const tokens = createTokens([older]);
  const token = tokens.issue('seat', id, 3);
  expect(tokens.issue('seat', id, 3)).toBe(token);
  expect(tokens.verify(token, 'seat')).toEqual({ id, version: 3 });
  expect(tokens.verify(token, 'other')).toBeUndefined();
});

test('changing any one character of a token makes it worthless', () => {
  const tokens = createTokens([older]);
  const token = tokens.issue('seat', id, 3);
  for (let at = 0; at < token.length - 1; at += 1) {
    const other = token[at] === 'x' ? 'y' : 'x';
    const forged = token.slice(0, at) + other + token.slice(at + 1);
    expect(tokens.verify(forged, 'seat'), forged).toBeUndefined();
  }
});

test('after a rotation old tokens still verify, until their key is dropped', () => {
  const token = createTokens([older]).issue('seat', id, 1);
  expect(createTokens([newer, older]).verify(token, 'seat')).toEqual({ id, version: 1 });
  expect(createTokens([newer]).verify(token, 'seat')).toBeUndefined();
});

test.for(['', 'abc', 'k1..1.x', `k1.${id}.1`, '\0', 'a'.repeat(10_000)])(
  '%# is no token',
  (text) => {
    expect(createTokens([older]).verify(text, 'seat')).toBeUndefined();
  },
);
