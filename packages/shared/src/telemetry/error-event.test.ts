import { describe, expect, test } from 'vitest';
import { AppError } from '#errors/errors';
import { describeError, groupOf } from './error-event.ts';

const teller = { service: 'checkout', release: 'liventix@1', environment: 'test' };
const person = { name: 'Zaphira Quexley', email: 'zaphira@liventix.test' };

function appError(code: string, cause?: unknown): AppError {
  return new AppError(code, { message: `Broken: ${code}.`, retry: 'permanent', cause });
}

function postgresError(constraint?: string): Error {
  return Object.assign(new Error(`row of ${person.name}`), {
    code: '23514',
    detail: `Failing row contains (${person.name}).`,
    ...(constraint !== undefined && { constraint }),
  });
}

function told(error: Error, fields: Readonly<Record<string, unknown>> = {}) {
  return describeError(
    { error, level: 'error', said: 'request failed', fields, trace: undefined },
    teller,
  );
}

describe('an error is grouped', () => {
  const final = Object.assign(new Error('mail.lost: …'), { cause: appError('mail.lost') });
  test.for([
    ['by our code', appError('books.broken'), ['books.broken']],
    ['by our code, whatever caused it', appError('away', postgresError()), ['away']],
    ['by our code, if another error carries it', final, ['mail.lost']],
    ['by what Postgres says', postgresError(), ['23514']],
    ['by the constraint too', postgresError('never_less'), ['23514', 'never_less']],
    [
      'by what was not foreseen, not by that',
      appError('internal.error', postgresError('never_less')),
      ['23514', 'never_less'],
    ],
  ] as const)('%s', ([, error, group]) => {
    expect(groupOf(error).group).toEqual(group);
  });

  test('by its name and our innermost place if it has no code', () => {
    const breakHere = () => new TypeError(`no seat for ${Math.random()}`);
    const breakThere = () => new TypeError('no seat');
    const { code, group } = groupOf(breakHere());
    expect(code).toBe('TypeError');
    expect(group).toEqual([
      'TypeError',
      'packages/shared/src/telemetry/error-event.test.ts breakHere',
    ]);
    expect(groupOf(breakHere()).group).toEqual(group);
    expect(groupOf(breakThere()).group).not.toEqual(group);
    expect(groupOf(appError('internal.error', breakHere())).group).toEqual(group);
  });
});

test('what is told has these members and no other', () => {
  const trace = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16) };
  const error = Object.assign(appError('stripe.refused'), { request: { body: person } });
  const event = describeError({ error, level: 'fatal', said: 'no', fields: {}, trace }, teller);
  expect(event).toEqual({
    event_id: expect.stringMatching(/^[\da-f]{32}$/),
    timestamp: expect.any(Number),
    platform: 'node',
    level: 'fatal',
    release: 'liventix@1',
    environment: 'test',
    fingerprint: ['stripe.refused'],
    tags: { service: 'checkout', code: 'stripe.refused', said: 'no' },
    contexts: { trace: { trace_id: trace.traceId, span_id: trace.spanId } },
    exception: {
      values: [
        {
          type: 'stripe.refused',
          value: 'Broken: stripe.refused.',
          stacktrace: { frames: expect.any(Array) },
        },
      ],
    },
  });
  const frames = event.exception.values[0]?.stacktrace.frames ?? [];
  expect(new Set(frames.flatMap((frame) => Object.keys(frame)))).toEqual(
    new Set(['filename', 'function', 'lineno', 'colno', 'in_app']),
  );
  expect(frames.at(-1)?.filename).toBe('packages/shared/src/telemetry/error-event.test.ts');
  expect(frames.filter(({ filename }) => filename.startsWith('/'))).toEqual([]);
});

test('ids go along, and nothing else that stood beside the error', () => {
  const id = '0190a6f0-0000-7000-8000-000000000001';
  const { tags } = told(new Error('no'), {
    orderId: id,
    jobName: 'order.settle',
    attempt: 3,
    route: '/v1/orders/:id',
    buyer: person,
    email: person.email,
    nameId: person.name,
    body: JSON.stringify(person),
  });
  const { service, code, said, ...rest } = tags;
  expect(rest).toEqual({
    orderId: id,
    jobName: 'order.settle',
    attempt: '3',
    route: '/v1/orders/:id',
  });
});

test.for([
  ['of a statement', postgresError('x')],
  ['of a cause', appError('internal.error', postgresError())],
  ['that quotes', new SyntaxError(`Unexpected token, "${person.name}" is not JSON`)],
  ['that quotes otherwise', new Error(`no such person: '${person.name}'`)],
  ['with an address', new Error(`bounced: <${person.email}>`)],
  ['of several lines', new Error(`no\n    at Zaphira (/home/quexley/a.ts:1:1)`)],
  ['with a link', new Error('no answer of https://liventix.test/t/zaphira.quexley')],
  ['with a token', new Error('unknown token k1.zaphira-quexley_0123456789abcdef')],
] as const)('nobody is named by an error %s', ([, error]) => {
  expect(JSON.stringify(told(error)).toLowerCase()).not.toMatch(/zaphira|quexley/);
});

test('a message of ours stays readable', () => {
  const message = "Order 0190a6f0-0000-7000-8000-000000000001 lost its wallet's part to another.";
  expect(told(new Error(message)).exception.values[0]?.value).toBe(message);
});
