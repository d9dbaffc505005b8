import Stripe from 'stripe';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type StripeSimulator, startStripeSimulator } from './simulator.ts';

const secretKey = 'sk_test_simulated_key';
const creation = 'POST /v1/checkout/sessions';

let simulator: StripeSimulator;

beforeEach(async () => {
  simulator = await startStripeSimulator({
    port: 0,
    host: '127.0.0.1',
    secretKey,
    webhooks: [],
    sessionsPerSecond: 0,
  });
});

afterEach(async () => await simulator.close());

function sdk(more: { readonly key?: string; readonly retries?: number } = {}): Stripe {
  return new Stripe(more.key ?? secretKey, {
    protocol: 'http',
    host: '127.0.0.1',
    port: simulator.port,
    maxNetworkRetries: more.retries ?? 0,
    telemetry: false,
  });
}

const parameters = {
  mode: 'payment',
  success_url: 'https://tickets.test/done',
  client_reference_id: 'order-1',
  line_items: [
    {
      quantity: 1,
      price_data: { currency: 'eur', unit_amount: 5_000, product_data: { name: 'Floor' } },
    },
  ],
} satisfies Stripe.Checkout.SessionCreateParams;

async function control(path: string, body: unknown = {}, method = 'POST'): Promise<void> {
  const response = await fetch(`${simulator.url}/_simulator/${path}`, {
    method,
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json' },
  });
  expect(response.status).toBe(200);
}

interface Refusal {
  readonly statusCode: number;
  readonly code?: string;
  readonly message: string;
  readonly requestId: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly raw: Readonly<Record<string, unknown>>;
}

async function refusalOf(call: Promise<unknown>): Promise<Refusal> {
  const thrown = await call.then(
    () => expect.fail('it was not refused'),
    (error: unknown) => error,
  );
  expect(thrown).toBeInstanceOf(Stripe.errors.StripeError);
  return thrown as Refusal;
}

async function create(options?: Stripe.RequestOptions, change: object = {}) {
  return await sdk().checkout.sessions.create({ ...parameters, ...change }, options);
}

async function books(): Promise<{ readonly sessions: readonly unknown[] }> {
  const response = await fetch(`${simulator.url}/_simulator/books`);
  return (await response.json()) as { sessions: unknown[] };
}

describe('what a refusal says', () => {
  test('it names its kind, its page in the docs, its request and where that is logged', async () => {
    const refusal = await refusalOf(sdk().checkout.sessions.retrieve('cs_test_nobody'));
    expect(refusal).toMatchObject({
      statusCode: 404,
      code: 'resource_missing',
      raw: {
        type: 'invalid_request_error',
        doc_url: 'https://stripe.com/docs/error-codes/resource-missing',
        request_log_url: expect.stringContaining(`/test/logs/${refusal.requestId}?t=`),
      },
      headers: { 'stripe-version': '2026-10-28.endive', 'stripe-should-retry': 'false' },
    });
  });

  test('a wrong key is a 401 that names no log', async () => {
    const stranger = sdk({ key: 'sk_test_of_nobody_else' });
    const refusal = await refusalOf(stranger.checkout.sessions.retrieve('cs_test_nobody'));
    expect(refusal).toBeInstanceOf(Stripe.errors.StripeAuthenticationError);
    expect(refusal.raw).not.toHaveProperty('request_log_url');
  });

  test.for([
    [{ colour: 'red' }, 'parameter_unknown', 'colour'],
    [{ success_url: undefined }, 'parameter_missing', 'success_url'],
    [{ success_url: '' }, 'parameter_invalid_empty', 'success_url'],
    [{ expires_at: 'soon' }, 'parameter_invalid_integer', 'expires_at'],
    [
      { line_items: [{ ...parameters.line_items[0], quantity: 0 }] },
      'parameter_invalid_integer',
      'line_items[0][quantity]',
    ],
    [{ ui_mode: 'hosted' }, undefined, 'ui_mode'],
    [{ customer_email: 'nobody' }, 'email_invalid', 'customer_email'],
  ] as const)('%j is %s', async ([change, code, param]) => {
    const refusal = await refusalOf(create({}, change));
    expect(refusal).toMatchObject({ statusCode: 400, param });
    expect(refusal.code).toBe(code);
  });

  test('an unknown address is refused in the same form, and so is a body that cannot be read', async () => {
    const headers = { authorization: `Bearer ${secretKey}`, 'content-type': 'application/json' };
    const unknown = await fetch(`${simulator.url}/v1/unicorns`, { headers });
    expect(unknown.status).toBe(404);
    expect(await unknown.json()).toMatchObject({ error: { type: 'invalid_request_error' } });
    const unreadable = await fetch(`${simulator.url}/v1/checkout/sessions`, {
      method: 'POST',
      headers,
      body: '{',
    });
    expect(unreadable.status).toBe(400);
    expect(await unreadable.json()).toMatchObject({ error: { type: 'invalid_request_error' } });
  });
});

describe('idempotency keys', () => {
  test('a replay names the request that did the work', async () => {
    const options = { idempotencyKey: 'attempt-1' };
    const first = await create(options);
    const again = await create(options);
    expect(first.lastResponse.headers).toMatchObject({
      'idempotency-key': 'attempt-1',
      'original-request': first.lastResponse.requestId,
      'stripe-should-retry': 'false',
    });
    expect(first.lastResponse.headers).not.toHaveProperty('idempotent-replayed');
    expect(again.lastResponse.headers).toMatchObject({
      'idempotent-replayed': 'true',
      'original-request': first.lastResponse.requestId,
    });
    expect(again.lastResponse.requestId).not.toBe(first.lastResponse.requestId);
  });

  test('a 500 is kept and replayed, and the SDK is told not to try', async () => {
    await control('refusals', { kind: 'api_error', on: creation });
    const options = { idempotencyKey: 'attempt-2' };
    const retrying = sdk({ retries: 2 });
    const broken = await refusalOf(retrying.checkout.sessions.create(parameters, options));
    const again = await refusalOf(retrying.checkout.sessions.create(parameters, options));
    expect(broken).toMatchObject({ statusCode: 500, raw: { type: 'api_error' } });
    expect(again).toMatchObject({
      statusCode: 500,
      headers: { 'idempotent-replayed': 'true', 'stripe-should-retry': 'false' },
    });
    expect((await books()).sessions).toHaveLength(0);
    await create({ idempotencyKey: 'attempt-3' });
  });

  test('a 500 may come after the work was done', async () => {
    await control('refusals', { kind: 'api_error', on: creation, has_effect: true });
    await refusalOf(create({ idempotencyKey: 'attempt-4' }));
    expect((await books()).sessions).toHaveLength(1);
  });

  test('a refusal of a call that had begun is kept, one of its parameters is not', async () => {
    const session = await create();
    const options = { idempotencyKey: 'expire-1' };
    await sdk().checkout.sessions.expire(session.id);
    await refusalOf(sdk().checkout.sessions.expire(session.id, {}, options));
    const again = await refusalOf(sdk().checkout.sessions.expire(session.id, {}, options));
    expect(again.headers).toMatchObject({ 'idempotent-replayed': 'true' });

    const corrected = { idempotencyKey: 'attempt-5' };
    await refusalOf(create(corrected, { success_url: undefined }));
    expect((await create(corrected)).status).toBe('open');
  });

  test('a second request while the first runs is a conflict', async () => {
    await control('weather', { latency_ms: 150 }, 'PUT');
    const options = { idempotencyKey: 'attempt-6' };
    const both = await Promise.allSettled([create(options), create(options)]);
    const made = both.flatMap((one) => (one.status === 'fulfilled' ? [one.value.id] : []));
    const refused = both.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
    expect(refused).toHaveLength(1);
    expect(refused[0]).toBeInstanceOf(Stripe.errors.StripeAPIError);
    expect(refused[0]).toMatchObject({
      statusCode: 409,
      code: 'idempotency_key_in_use',
      headers: { 'stripe-should-retry': 'true' },
    });
    expect([(await create(options)).id]).toEqual(made);
  });

  test('a key belongs to its endpoint and its parameters, and is short', async () => {
    const options = { idempotencyKey: 'attempt-7' };
    const session = await create(options);
    const elsewhere = await refusalOf(sdk().checkout.sessions.expire(session.id, {}, options));
    expect(elsewhere).toBeInstanceOf(Stripe.errors.StripeIdempotencyError);
    expect(elsewhere.message).toContain('the same endpoint');
    const other = await refusalOf(create(options, { client_reference_id: 'order-2' }));
    expect(other).toBeInstanceOf(Stripe.errors.StripeIdempotencyError);
    expect(other).toMatchObject({ statusCode: 400, raw: { type: 'idempotency_error' } });
    const long = await refusalOf(create({ idempotencyKey: 'k'.repeat(256) }));
    expect(long.statusCode).toBe(400);
  });

  test('a forgotten key is a new one', async () => {
    const options = { idempotencyKey: 'attempt-8' };
    const first = await create(options);
    await control('idempotency_keys/forget');
    expect((await create(options)).id).not.toBe(first.id);
  });
});

describe('limits', () => {
  test('a lock that is held is the one 429 the SDK tries again', async () => {
    await control('refusals', { kind: 'lock_timeout', on: creation });
    const refusal = await refusalOf(create());
    expect(refusal).toMatchObject({
      statusCode: 429,
      code: 'lock_timeout',
      headers: { 'stripe-should-retry': 'true' },
    });
    await control('refusals', { kind: 'lock_timeout', on: creation });
    expect((await sdk({ retries: 1 }).checkout.sessions.create(parameters)).status).toBe('open');
  });

  test('too many requests are a 429 that says which limit, and is kept under no key', async () => {
    await control('refusals', { kind: 'rate_limit', on: creation });
    const options = { idempotencyKey: 'attempt-9' };
    const refusal = await refusalOf(
      sdk({ retries: 2 }).checkout.sessions.create(parameters, options),
    );
    expect(refusal).toBeInstanceOf(Stripe.errors.StripeRateLimitError);
    expect(refusal).toMatchObject({
      code: 'rate_limit',
      headers: { 'stripe-rate-limited-reason': 'endpoint-rate' },
    });
    expect(refusal.headers).not.toHaveProperty('stripe-should-retry');
    expect((await create(options)).status).toBe('open');
  });

  test('refusals that were ordered and not used can be taken back', async () => {
    await control('refusals', { kind: 'rate_limit', times: 100 });
    await refusalOf(create());
    await control('refusals', {}, 'DELETE');
    expect((await create()).status).toBe('open');
  });
});
