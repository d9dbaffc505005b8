import { expect, test } from 'vitest';
import { boardActOf } from './board-acts.ts';

test.for([
  ['PUT', '/api/queues/ticketing/17/retry', 'retry'],
  ['PUT', '/api/queues/ticketing/retry/failed', 'retry'],
  ['PUT', '/api/queues/ticketing/pause', 'pause'],
  ['PUT', '/api/queues/ticketing/resume?x=1', 'resume'],
  ['PUT', '/api/queues/maintenance/job-schedulers/holds.expire/run', 'run'],
] as const)('%s %s loses nothing', ([method, path, act]) => {
  expect(boardActOf(method, path)).toMatchObject({ isSafe: true, act });
});

test.for([
  ['PUT', '/api/queues/pause'],
  ['PUT', '/api/queues/ticketing/obliterate'],
  ['PUT', '/api/queues/ticketing/empty'],
  ['PUT', '/api/queues/ticketing/clean/failed'],
  ['PUT', '/api/queues/ticketing/17/clean'],
  ['PUT', '/api/queues/ticketing/clean/retry'],
  ['PUT', '/api/queues/ticketing/clean/promote'],
  ['PUT', '/api/queues/ticketing/empty#/retry'],
  ['PUT', '/api/queues/pause#/resume'],
  ['PATCH', '/api/queues/ticketing/17/update-data'],
  ['POST', '/api/queues/ticketing/add'],
  ['POST', '/api/queues/ticketing/17/retry'],
  ['PUT', '/api/queues/ticketing/job-schedulers/holds.expire/remove'],
  ['PUT', '/api/queues/ticketing/concurrency'],
  ['PUT', '/api/queues/ticketing/17/retry/../../obliterate'],
  ['DELETE', '/anything'],
] as const)('%s %s is refused', ([method, path]) => {
  expect(boardActOf(method, path).isSafe).toBe(false);
});
