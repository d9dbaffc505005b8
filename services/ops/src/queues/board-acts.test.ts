import { expect, test } from 'vitest';
import { boardActOf } from './board-acts.ts';

const of = '/api/queues/:queueName';
const params = { queueName: 'ticketing' };

test.for([
  [`${of}/:jobId/retry`, 'retry'],
  [`${of}/:jobId/promote`, 'promote'],
  [`${of}/retry/:queueStatus`, 'retry'],
  [`${of}/pause`, 'pause'],
  [`${of}/resume`, 'resume'],
  [`${of}/job-schedulers/:schedulerId/run`, 'run'],
] as const)('PUT %s loses nothing', ([route, act]) => {
  const known = { method: 'PUT', route, params };
  expect(boardActOf(known)).toEqual({ isSafe: true, act, queue: 'ticketing' });
  expect(boardActOf({ ...known, method: 'POST' }).isSafe).toBe(false);
  expect(boardActOf({ ...known, params: { ...params, queueStatus: 'active' } }).isSafe).toBe(false);
});

test.for([
  ['PUT', `${of}/obliterate`, 'obliterate'],
  ['PUT', `${of}/empty`, 'empty'],
  ['PUT', `${of}/clean/:queueStatus`, 'clean'],
  ['PUT', `${of}/:jobId/clean`, 'clean'],
  ['PUT', `${of}/job-schedulers/:schedulerId/remove`, 'remove'],
  ['PUT', `${of}/concurrency`, 'concurrency'],
  ['PUT', `${of}/rate-limit/release`, 'release'],
  ['PATCH', `${of}/:jobId/update-data`, 'update-data'],
  ['POST', `${of}/add`, 'add'],
] as const)('%s %s is refused', ([method, route, act]) => {
  expect(boardActOf({ method, route, params })).toEqual({ isSafe: false, act, queue: 'ticketing' });
});

test('which job it is about, or which scheduler, is known', () => {
  const known = { method: 'PUT', route: `${of}/:jobId/retry` };
  expect(boardActOf({ ...known, params: { ...params, jobId: 'm-1' } }).job).toBe('m-1');
  expect(boardActOf({ ...known, params: { ...params, schedulerId: 'holds' } }).job).toBe('holds');
});

test('what is done to all queues at once is refused, and so is what nobody knows', () => {
  const whole = { method: 'PUT', route: '/api/queues/pause', params: {} };
  expect(boardActOf(whole)).toEqual({ isSafe: false, act: 'pause', queue: 'all' });
  expect(boardActOf({ ...whole, route: '' })).toMatchObject({ isSafe: false, act: 'unknown' });
});
