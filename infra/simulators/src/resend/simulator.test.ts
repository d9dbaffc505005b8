import { Resend } from 'resend';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startResendSimulator } from './simulator.ts';

let simulator: Awaited<ReturnType<typeof startResendSimulator>>;
let resend: Resend;

beforeEach(async () => {
  const apiKey = 're_simulated_key';
  simulator = await startResendSimulator({
    port: 0,
    host: '127.0.0.1',
    apiKey,
    mailsPerSecond: 4,
  });
  resend = new Resend(apiKey, { baseUrl: simulator.url });
});

afterEach(async () => await simulator.close());

const mail = {
  from: 'Liventix <tickets@liventix.test>',
  to: 'delivered@resend.dev',
  subject: 'Your tickets',
  html: '<p>Here</p>',
};

test('the same key sends once, and another body under it is refused', async () => {
  const options = { idempotencyKey: 'email/1' };
  const first = await resend.emails.send(mail, options);
  const again = await resend.emails.send(mail, options);
  expect(first.data?.id).toBeDefined();
  expect(again.data?.id).toBe(first.data?.id);
  const other = await resend.emails.send({ ...mail, subject: 'Other' }, options);
  expect(other.error).toMatchObject({ name: 'invalid_idempotent_request', statusCode: 409 });
  const kept = await resend.emails.get(first.data?.id ?? '');
  expect(kept.data).toMatchObject({ subject: 'Your tickets', last_event: 'sent' });
});

test('example.com is refused, a wrong key is refused, too many are 429', async () => {
  const refused = await resend.emails.send({ ...mail, to: 'ada@example.com' });
  expect(refused.error).toMatchObject({ statusCode: 422, name: 'validation_error' });
  const stranger = new Resend('re_other', { baseUrl: simulator.url });
  expect((await stranger.emails.send(mail)).error).toMatchObject({ name: 'invalid_api_key' });
  const many = await Promise.all(Array.from({ length: 8 }, () => resend.emails.send(mail)));
  expect(many.some((sent) => sent.error?.name === 'rate_limit_exceeded')).toBe(true);
});
