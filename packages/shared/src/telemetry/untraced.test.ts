import { expect, test } from 'vitest';
import { isUntraced } from './untraced.ts';

test.for([
  '/health/live',
  '/metrics',
  '/docs/',
  '/queues/api/queues?page=1',
  '/mend/queues/api/queues',
])('%s would drown the rest of a trace', (url) => {
  expect(isUntraced({ url, headers: {} })).toBe(true);
});

test.for(['/', '/admin/v1/events', '/mend/queuesque', '/console/orders?query=/queues'])(
  '%s is traced',
  (url) => {
    expect(isUntraced({ url, headers: {} })).toBe(false);
    expect(isUntraced({ url, headers: { accept: 'text/event-stream' } })).toBe(true);
  },
);
