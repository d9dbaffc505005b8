import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';

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
  lastEvent: 'sent' | 'delivered' | 'bounced' | 'complained';
}

/** A refusal in the form of Resend's own errors. */
export class ResendRefusal extends Error {
  readonly status: number;
  readonly body: { statusCode: number; name: string; message: string };

  constructor(status: number, name: string, message: string) {
    super(message);
    this.status = status;
    this.body = { statusCode: status, name, message };
  }
}

/** Every mail that was accepted, and the keys they came under. */
export class Mails {
  readonly accepted: Mail[] = [];
  readonly #byKey = new Map<string, { readonly body: unknown; readonly mail: Mail }>();

  accept(raw: unknown, idempotencyKey: string | undefined): Mail {
    const known = idempotencyKey === undefined ? undefined : this.#byKey.get(idempotencyKey);
    if (known !== undefined) {
      if (!isDeepStrictEqual(known.body, raw)) {
        throw new ResendRefusal(
          409,
          'invalid_idempotent_request',
          'This idempotency key has been used before with a different payload.',
        );
      }
      return known.mail;
    }
    const mail: Mail = {
      id: randomUUID(),
      createdAt: new Date().toISOString(),
      idempotencyKey,
      body: checked(raw),
      lastEvent: 'sent',
    };
    this.accepted.push(mail);
    if (idempotencyKey !== undefined) {
      this.#byKey.set(idempotencyKey, { body: raw, mail });
    }
    return mail;
  }

  find(id: string): Mail | undefined {
    return this.accepted.find((mail) => mail.id === id);
  }
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
  const { body } = { body: result.data };
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
