import { randomUUID } from 'node:crypto';
import type { Resend } from 'resend';
import { expect } from 'vitest';
import type { Assumption } from './stripe-assumptions.ts';

export interface MailProvider {
  readonly resend: Resend;
  /** The same provider with a key that is none. */
  readonly stranger: Resend;
  readonly from: string;
}

function mail(from: string) {
  return {
    from,
    to: 'delivered@resend.dev',
    subject: `Conformance ${randomUUID()}`,
    text: 'A test.',
    html: '<p>A test.</p>',
  };
}

const idempotencyReference = 'resend.com/docs/dashboard/emails/idempotency-keys';

export const resendAssumptions: readonly Assumption<MailProvider>[] = [
  {
    says: 'a mail that is taken gets an id, by which it is found again',
    source: 'resend.com/docs/api-reference/emails/retrieve-email',
    check: async ({ resend, from }) => {
      const sent = mail(from);
      const { data } = await resend.emails.send(sent);
      const found = await resend.emails.get(data?.id ?? '');
      expect(found.data).toMatchObject({ id: data?.id, subject: sent.subject });
    },
  },
  {
    says: 'the same mail with the same key is sent once',
    source: idempotencyReference,
    check: async ({ resend, from }) => {
      const sent = mail(from);
      const idempotencyKey = `conformance/${randomUUID()}`;
      const first = await resend.emails.send(sent, { idempotencyKey });
      const again = await resend.emails.send(sent, { idempotencyKey });
      expect(first.error).toBeNull();
      expect(again.data?.id).toBe(first.data?.id);
    },
  },
  {
    says: 'another mail with the same key is refused',
    source: idempotencyReference,
    check: async ({ resend, from }) => {
      const idempotencyKey = `conformance/${randomUUID()}`;
      await resend.emails.send(mail(from), { idempotencyKey });
      const { error } = await resend.emails.send(mail(from), { idempotencyKey });
      expect(error).toMatchObject({ name: 'invalid_idempotent_request', statusCode: 409 });
    },
  },
  {
    says: 'a mail from a domain that is not verified is refused for good',
    source: 'resend.com/docs/api-reference/errors',
    check: async ({ resend, from }) => {
      const stranger = 'nobody@not-verified.example';
      const { error } = await resend.emails.send({ ...mail(from), from: stranger });
      expect(error).toMatchObject({ name: 'validation_error', statusCode: 403 });
    },
  },
  {
    says: 'a wrong key is a 403 invalid_api_key',
    source: 'resend.com/docs/api-reference/errors',
    check: async ({ stranger, from }) => {
      const { error } = await stranger.emails.send(mail(from));
      expect(error).toMatchObject({ name: 'invalid_api_key', statusCode: 403 });
    },
  },
];
