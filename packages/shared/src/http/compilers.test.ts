import { expect, test } from 'vitest';
import { z } from 'zod';
import { validateRequest } from './compilers.ts';

const parse = validateRequest({ schema: z.unknown(), httpPart: 'body', method: 'POST', url: '/' });

function nested(levels: number, [open, close]: readonly [string, string]): unknown {
  return JSON.parse(`${open.repeat(levels)}1${close.repeat(levels)}`);
}

test.for([
  ['arrays', ['[', ']']],
  ['objects', ['{"a":', '}']],
] as const)('%s may be nested, but not for ever', ([, signs]) => {
  expect(parse(nested(32, signs))).toEqual({ value: nested(32, signs) });
  for (const levels of [33, 8_000, 100_000]) {
    expect(parse(nested(levels, signs))).toMatchObject({ error: { code: 'request.invalid' } });
  }
});

test.for(['a\0b', 'half \ud800 a pair'])(
  'a text that Postgres cannot keep is refused: %j',
  (text) => {
    for (const value of [text, [text], { a: { b: text } }]) {
      expect(parse(value)).toMatchObject({ error: { code: 'request.invalid' } });
    }
  },
);
