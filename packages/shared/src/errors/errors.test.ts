import { expect, test } from 'vitest';
import { withoutAddresses } from './errors.ts';

test.for([
  ['550 5.1.1 <ada+x@example.org>: no such user', '550 5.1.1 <…>: no such user'],
  ['To: "Ada"<ada@example.org>, ADA@EXAMPLE.ORG;', 'To: "Ada"<…>, …;'],
  ['nobody here', 'nobody here'],
  ['3 @ 4', '3 @ 4'],
] as const)('%s loses its addresses', ([said, kept]) => {
  expect(withoutAddresses(said)).toBe(kept);
});
