import assert from 'node:assert/strict';
import type { RenderedEmail } from '@liventix/domain/emails';
import { AppError } from '@liventix/shared/errors';
import { countCallsFromZero, observeProviderCall } from '@liventix/shared/telemetry/metrics';
import { Resend } from 'resend';
import type { Config } from '#config';
import { createPace } from '#resend-pace';

export interface OutgoingMail {
  readonly emailId: string;
  readonly recipient: string;
  readonly rendered: RenderedEmail;
}

/** What became of one mail of a batch. */
export type BatchAnswer =
  | { readonly emailId: string; readonly kind: 'taken'; readonly providerId: string }
  | { readonly emailId: string; readonly kind: 'refused'; readonly reason: string };

export interface Mailer {
  /** Calls a second that the provider takes. */
  readonly perSecond: number;
  /**
   * Hands a mail over and returns the provider's id. The same id and mail are sent once, however
   * often this is called within 24 hours. `resend.unavailable`: the outcome is unknown, call again.
   * `resend.refused`: final.
   */
  send(mail: OutgoingMail): Promise<string>;
  /**
   * Hands over up to a hundred mails without attachments, likewise once for the same id, mails and
   * order. A mail that is refused keeps back no other. `resend.refused`: nothing was sent.
   */
  sendBatch(batch: {
    readonly batchId: string;
    readonly mails: readonly OutgoingMail[];
  }): Promise<BatchAnswer[]>;
}

const timeoutMs = 10_000;

/** Of them, those that end when a person does something, or the day does. */
const refusingAll = new Set([
  'daily_quota_exceeded',
  'monthly_quota_exceeded',
  'missing_api_key',
  'restricted_api_key',
  'invalid_api_key',
  'suspended_api_key',
]);

/** Names of refusals that another try may not meet (resend.com/docs/api-reference/errors). */
const passing = new Set([
  'application_error',
  'internal_server_error',
  'rate_limit_exceeded',
  'daily_quota_exceeded',
  'monthly_quota_exceeded',
  'concurrent_idempotent_requests',
  'resource_locked',
  // A key that is wrong is mended by a person; the mail waits meanwhile.
  'missing_api_key',
  'restricted_api_key',
  'invalid_api_key',
  'suspended_api_key',
]);

/** Whether a refusal of this name is one of the account, and so of every mail. */
export function refusesAll(name: string): boolean {
  return refusingAll.has(name);
}

/** Undefined without a key: the SDK refuses to be constructed. */
export function createMailer(
  config: Pick<Config, 'RESEND_API_KEY' | 'RESEND_API_URL' | 'MAIL_FROM'>,
): Mailer | undefined {
  if (config.RESEND_API_KEY === undefined) {
    return undefined;
  }
  const resend = new Resend(
    config.RESEND_API_KEY,
    config.RESEND_API_URL === undefined ? {} : { baseUrl: config.RESEND_API_URL },
  );
  countCallsFromZero('resend');
  const pace = createPace();
  // The SDK has no time limit of its own.
  const once = (idempotencyKey: string) => ({
    idempotencyKey,
    signal: AbortSignal.timeout(timeoutMs),
  });
  const envelope = ({ emailId, recipient, rendered }: OutgoingMail) => ({
    from: config.MAIL_FROM,
    to: recipient,
    subject: rendered.subject,
    html: rendered.html,
    text: rendered.text,
    tags: [{ name: 'email_id', value: emailId }],
  });
  return {
    get perSecond() {
      return pace.perSecond;
    },
    send: async (mail) => {
      await pace.ready();
      const answer = await observed(
        resend.emails.send(
          { ...envelope(mail), attachments: mail.rendered.attachments.map(attachmentOf) },
          once(`email/${mail.emailId}`),
        ),
      );
      pace.heed(answer.headers);
      if (answer.error !== null) {
        throw refusal(`Mail ${mail.emailId}`, answer.error, answer.headers);
      }
      return answer.data.id;
    },
    sendBatch: async ({ batchId, mails }) => {
      await pace.ready();
      const answer = await observed(
        resend.batch.send(mails.map(envelope), {
          ...once(`batch/${batchId}`),
          batchValidation: 'permissive',
        }),
      );
      pace.heed(answer.headers);
      if (answer.error !== null) {
        throw refusal(`The batch ${batchId}`, answer.error, answer.headers);
      }
      return answersOf(mails, answer.data);
    },
  };
}

/** Counts a call that was just made. The SDK never throws. */
async function observed<
  Answer extends { readonly error: { readonly statusCode: number | null } | null },
>(call: Promise<Answer>): Promise<Answer> {
  const startedMs = performance.now();
  const answer = await call;
  const status = answer.error === null ? 200 : (answer.error.statusCode ?? undefined);
  observeProviderCall('resend', { status, startedMs });
  return answer;
}

function attachmentOf(attachment: RenderedEmail['attachments'][number]) {
  return {
    filename: attachment.filename,
    content: attachment.contentBase64,
    contentType: attachment.contentType,
    ...(attachment.contentId !== undefined && { contentId: attachment.contentId }),
  };
}

/** Ids come for those that were taken, in order; the others are named by their place. */
function answersOf(
  mails: readonly OutgoingMail[],
  answer: {
    readonly data: readonly { readonly id: string }[];
    readonly errors?: readonly { readonly index: number; readonly message: string }[];
  },
): BatchAnswer[] {
  const refused = new Map(answer.errors?.map(({ index, message }) => [index, message]));
  const ids = answer.data.map(({ id }) => id).values();
  return mails.map(({ emailId }, index): BatchAnswer => {
    const reason = refused.get(index);
    if (reason !== undefined) {
      return { emailId, kind: 'refused', reason };
    }
    const { value: providerId } = ids.next();
    assert.ok(providerId !== undefined, 'Resend answered for fewer mails than it was given');
    return { emailId, kind: 'taken', providerId };
  });
}

/** The SDK never throws: a broken connection is an `application_error` without a status. */
function refusal(
  what: string,
  error: { readonly name: string; readonly statusCode: number | null },
  headers: Readonly<Record<string, string>> | null,
): AppError {
  const status = error.statusCode ?? 0;
  const isPassing = passing.has(error.name) || status === 429 || status >= 500 || status === 0;
  const retryAfterS = Number(headers?.['retry-after']);
  return isPassing
    ? new AppError('resend.unavailable', {
        message: `${what} could not be handed over: ${error.name}.`,
        retry: 'transient',
        dependency: true,
        details: {
          name: error.name,
          status,
          ...(retryAfterS > 0 && { retryAfterMs: retryAfterS * 1_000 * (1 + Math.random()) }),
        },
      })
    : new AppError('resend.refused', {
        message: `${what} was refused for good: ${error.name}.`,
        retry: 'permanent',
        details: { name: error.name, status },
      });
}
