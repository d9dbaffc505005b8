import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { waitFor } from '@liventix/shared/testing/wait';
import { Resend } from 'resend';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { fates } from './fates.ts';
import { startResendSimulator } from './simulator.ts';

const apiKey = 're_simulated_key';
const secret = `whsec_${Buffer.from('a secret of thirty-two bytes, no').toString('base64')}`;

interface Received {
  readonly id: string;
  readonly type: string;
  readonly data: { readonly email_id: string; readonly tags?: Record<string, string> };
}

let simulator: Awaited<ReturnType<typeof startResendSimulator>>;
let endpoint: Server;
let received: Received[];
let answers: number[];
let resend: Resend;
let now: number;

/** An endpoint that verifies with the SDK, and answers as told; 200 once nothing is told. */
async function startEndpoint(): Promise<string> {
  endpoint = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) {
      chunks.push(chunk as Buffer);
    }
    const { headers } = request;
    const id = String(headers['svix-id']);
    const event = new Resend(apiKey).webhooks.verify({
      payload: Buffer.concat(chunks).toString(),
      headers: {
        id,
        timestamp: String(headers['svix-timestamp']),
        signature: String(headers['svix-signature']),
      },
      webhookSecret: secret,
    });
    received.push({ id, ...(event as unknown as Omit<Received, 'id'>) });
    response.writeHead(answers.shift() ?? 200).end();
  });
  endpoint.listen(0, '127.0.0.1');
  await once(endpoint, 'listening');
  return `http://127.0.0.1:${(endpoint.address() as AddressInfo).port}/`;
}

beforeEach(async () => {
  received = [];
  answers = [];
  now = Date.now();
  simulator = await startResendSimulator({
    port: 0,
    host: '127.0.0.1',
    apiKey,
    mailsPerSecond: 0,
    stepMs: 20,
    now: () => now,
    webhook: { url: await startEndpoint(), secret },
  });
  resend = new Resend(apiKey, { baseUrl: simulator.url });
});

afterEach(async () => {
  await simulator.close();
  endpoint.close();
});

const mail = {
  from: 'Liventix <tickets@liventix.test>',
  to: 'ada@lovelace.dev',
  subject: 'Your tickets',
  html: '<p>Here</p>',
};

async function weather(settings: object): Promise<void> {
  await fetch(`${simulator.url}/_simulator/weather`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(settings),
  });
}

async function typesAre(types: readonly string[]): Promise<void> {
  await waitFor(async () => received.length >= types.length, { what: types.join(', ') });
  expect(received.map((event) => event.type)).toEqual(types);
}

describe('events', () => {
  test.for([
    ['delivered', ['email.sent', 'email.delivered']],
    ['bounced', ['email.sent', 'email.bounced']],
    ['complained', ['email.sent', 'email.delivered', 'email.complained']],
    ['suppressed', ['email.sent', 'email.suppressed']],
  ] as const)('%s@resend.dev does what its name says, tags and all', async ([name, types]) => {
    const tags = [{ name: 'order_id', value: 'o-1' }];
    const sent = await resend.emails.send({ ...mail, to: `${name}+label@resend.dev`, tags });
    await typesAre(types);
    expect(received[0]?.data).toMatchObject({
      email_id: sent.data?.id,
      tags: { order_id: 'o-1' },
    });
    expect(new Set(received.map((event) => event.id)).size).toBe(types.length);
  });

  test('every fate can be played, and an endpoint that fails is told again under the same id', async () => {
    const sent = await resend.emails.send(mail);
    await typesAre(['email.sent']);
    for (const fate of fates) {
      await fetch(`${simulator.url}/_simulator/emails/${sent.data?.id}/${fate}`, {
        method: 'POST',
      });
    }
    await waitFor(async () => received.length === fates.length + 1, { what: 'all fates' });
    expect(new Set(received.map((event) => event.type))).toEqual(
      new Set(fates.map((fate) => `email.${fate}`)),
    );
    received = [];
    answers = [500];
    await fetch(`${simulator.url}/_simulator/emails/${sent.data?.id}/bounced`, { method: 'POST' });
    await typesAre(['email.bounced', 'email.bounced']);
    expect(received[0]?.id).toBe(received[1]?.id);
  });

  test('the weather loses and doubles them', async () => {
    await weather({ webhooks: { duplicates: 2 } });
    await resend.emails.send(mail);
    await typesAre(['email.sent', 'email.sent', 'email.sent']);
  });
});

describe('a batch', () => {
  test('sends each mail, once for a key', async () => {
    const mails = [mail, { ...mail, subject: 'Other' }];
    const first = await resend.batch.send(mails, { idempotencyKey: 'batch/1' });
    const again = await resend.batch.send(mails, { idempotencyKey: 'batch/1' });
    expect(first.data?.data).toHaveLength(2);
    expect(again.data).toEqual(first.data);
    const other = await resend.batch.send([mail], { idempotencyKey: 'batch/1' });
    expect(other.error).toMatchObject({ name: 'invalid_idempotent_request', statusCode: 409 });
  });

  test('refuses all for one, unless it is permissive', async () => {
    const mails = [mail, { ...mail, to: 'ada@example.com' }];
    const strict = await resend.batch.send(mails);
    expect(strict.error).toMatchObject({ statusCode: 422 });
    const permissive = await resend.batch.send(mails, { batchValidation: 'permissive' });
    expect(permissive.data).toMatchObject({
      data: [{ id: expect.any(String) }],
      errors: [{ index: 1 }],
    });
  });

  test('carries no attachments, and no more than a hundred', async () => {
    const attachments = [{ filename: 'ticket.pdf', content: 'AAAA' }];
    const attached = await resend.batch.send([{ ...mail, attachments } as typeof mail]);
    expect(attached.error).toMatchObject({ name: 'invalid_attachment', statusCode: 422 });
    const many = await resend.batch.send(Array.from({ length: 101 }, () => mail));
    expect(many.error).toMatchObject({ statusCode: 422 });
  });
});

describe('keys and quotas', () => {
  test('a second request while the first runs is told so; a day later the key is new', async () => {
    await weather({ latency_ms: 100 });
    const options = { idempotencyKey: 'email/1' };
    const both = await Promise.all([
      resend.emails.send(mail, options),
      resend.emails.send(mail, options),
    ]);
    expect(both.map((sent) => sent.error?.name)).toContain('concurrent_idempotent_requests');
    await weather({});
    const kept = await resend.emails.send(mail, options);
    expect(kept.data?.id).toBe(both.find((sent) => sent.data !== null)?.data?.id);
    now += 24 * 3_600_000;
    expect((await resend.emails.send(mail, options)).data?.id).not.toBe(kept.data?.id);
  });

  test.for([
    ['daily_quota_exceeded', 429],
    ['monthly_quota_exceeded', 429],
    ['restricted_api_key', 401],
    ['suspended_api_key', 403],
  ] as const)('%s is %d', async ([name, statusCode]) => {
    await weather({ refuse_mails: name });
    expect((await resend.emails.send(mail)).error).toMatchObject({ name, statusCode });
  });

  test('a refusal of one mail names whom it was for', async () => {
    await weather({ refuse_mails: 'validation_error' });
    const { error } = await resend.emails.send(mail);
    expect(error).toMatchObject({ name: 'validation_error', statusCode: 422 });
    expect(error?.message).toContain(mail.to);
  });

  test('says how much of the rate limit is left', async () => {
    const sent = await resend.emails.send(mail);
    expect(Object.keys(sent.headers ?? {})).toEqual(
      expect.arrayContaining([
        'ratelimit-limit',
        'ratelimit-policy',
        'ratelimit-remaining',
        'ratelimit-reset',
      ]),
    );
  });
});
