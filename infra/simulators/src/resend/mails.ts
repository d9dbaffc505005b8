import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Fate } from './fates.ts';
import { ResendRefusal } from './refusal.ts';

const address = z.string().min(3).max(400);
const addresses = z.union([address.transform((one) => [one]), z.array(address).min(1).max(50)]);

/** The body of POST /emails, as far as we use it; any other field is refused. */
const sendBody = z.strictObject({
  from: address,
  to: addresses,
  subject: z.string().min(1).max(998),
  html: z.string().optional(),
  text: z.string().optional(),
  reply_to: addresses.optional(),
  headers: z.record(z.string(), z.string()).optional(),
  tags: z
    .array(
      z.strictObject({
        name: z.string().regex(/^[A-Za-z0-9_-]{1,256}$/),
        value: z.string().regex(/^[A-Za-z0-9_-]{1,256}$/),
      }),
    )
    .optional(),
  attachments: z
    .array(
      z.strictObject({
        filename: z.string(),
        content: z.base64(),
        content_type: z.string().optional(),
        content_id: z.string().optional(),
      }),
    )
    .optional(),
});
export type SendBody = z.output<typeof sendBody>;

export interface Mail {
  readonly id: string;
  readonly createdAt: string;
  readonly idempotencyKey: string | undefined;
  readonly body: SendBody;
  lastEvent: Fate;
}

/** Every mail that was accepted. */
export class Mails {
  readonly accepted: Mail[] = [];

  accept(raw: unknown, idempotencyKey: string | undefined): Mail {
    return this.#keep(checked(raw), idempotencyKey);
  }

  /**
   * Up to a hundred mails, without attachments. Strict refuses all for one; permissive sends the
   * others and says what was wrong with it (resend.com/docs/api-reference/emails/send-batch-emails).
   */
  acceptBatch(
    raw: unknown,
    how: { readonly isPermissive: boolean; readonly idempotencyKey: string | undefined },
  ): BatchOutcome {
    const bodies = z.array(z.unknown()).min(1).max(100).safeParse(raw);
    if (!bodies.success) {
      throw new ResendRefusal(422, 'validation_error', 'Send between 1 and 100 mails.');
    }
    const errors: { index: number; message: string }[] = [];
    const fine = bodies.data.flatMap((body, index) => {
      try {
        return [withoutAttachments(checked(body))];
      } catch (error) {
        if (!(how.isPermissive && error instanceof ResendRefusal)) {
          throw error;
        }
        errors.push({ index, message: error.message });
        return [];
      }
    });
    return { mails: fine.map((body) => this.#keep(body, how.idempotencyKey)), errors };
  }

  #keep(body: SendBody, idempotencyKey: string | undefined): Mail {
    const createdAt = new Date().toISOString();
    const mail: Mail = { id: randomUUID(), createdAt, idempotencyKey, body, lastEvent: 'sent' };
    this.accepted.push(mail);
    return mail;
  }

  find(id: string): Mail | undefined {
    return this.accepted.find((mail) => mail.id === id);
  }
}

export interface BatchOutcome {
  readonly mails: readonly Mail[];
  readonly errors: readonly { readonly index: number; readonly message: string }[];
}

function withoutAttachments(body: SendBody): SendBody {
  if (body.attachments !== undefined) {
    throw new ResendRefusal(422, 'invalid_attachment', 'A batch may not carry `attachments`.');
  }
  return body;
}

function checked(raw: unknown): SendBody {
  const result = sendBody.safeParse(raw);
  if (!result.success) {
    const [issue] = result.error.issues;
    const field = issue?.path.join('.') ?? '';
    const isMissing = issue?.code === 'invalid_type' && issue.input === undefined;
    throw isMissing
      ? new ResendRefusal(422, 'missing_required_field', `Missing \`${field}\` field.`)
      : new ResendRefusal(422, 'validation_error', `Invalid \`${field}\` field. ${issue?.message}`);
  }
  const body = result.data;
  // Reserved names can be nobody's domain; every other counts as verified here.
  if (/@[^>]*\.(example|invalid)>?$/i.test(body.from)) {
    throw new ResendRefusal(403, 'validation_error', 'The domain is not verified.');
  }
  if (body.html === undefined && body.text === undefined) {
    throw new ResendRefusal(422, 'missing_required_field', 'Missing `html` or `text` field.');
  }
  if (body.to.some((to) => /@(example|test)\.com>?$/i.test(to))) {
    throw new ResendRefusal(
      422,
      'validation_error',
      'Invalid `to` field. Please use our testing email address instead of domains like `example.com`.',
    );
  }
  return body;
}
