import { expect, test } from 'vitest';
import { isDatabaseFault } from './faults.ts';
import { sqlStateOf } from './sqlstate.ts';

test.for([
  ['23514', '23514'],
  ['P0001', 'P0001'],
  ['EPIPE', undefined],
  ['ECONNRESET', undefined],
] as const)('%s of an error is the SQLSTATE %s', ([code, state]) => {
  const cause = Object.assign(new Error('no'), { code });
  expect(sqlStateOf(new Error('no', { cause }))).toBe(state);
});

test('a connection that breaks while we write is a fault of the database', () => {
  expect(isDatabaseFault(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }))).toBe(true);
});
