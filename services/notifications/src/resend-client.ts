import type { RenderedEmail } from '@liventix/domain/emails';
import { AppError } from '@liventix/shared/errors';
import { Resend } from 'resend';
import type { Config } from '#config';

export interface Mailer {
  /**
   * Hands a mail over and returns the provider's id. The same id and mail are sent once, however
   * often this is called within 24 hours. `resend.unavailable`: the outcome is unknown, call again.
   * `resend.refused`: final.
   */
  send(mail: {
    readonly emailId: string;
    readonly recipient: string;
    readonly rendered: RenderedEmail;
  }): Promise<string>;
}

const timeoutMs = 10_000;

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
  return {
    send: async ({ emailId, recipient, rendered }) => {
      const answer = await resend.emails.send(
        {
          from: config.MAIL_FROM,
          to: recipient,
          subject: rendered.subject,
          html: rendered.html,
          text: rendered.text,
          tags: [{ name: 'email_id', value: emailId }],
          attachments: rendered.attachments.map((attachment) => ({
            filename: attachment.filename,
            content: attachment.contentBase64,
            contentType: attachment.contentType,
            ...(attachment.contentId !== undefined && { contentId: attachment.contentId }),
          })),
        },
        // The SDK has no time limit of its own.
        { idempotencyKey: `email/${emailId}`, signal: AbortSignal.timeout(timeoutMs) },
      );
      if (answer.error !== null) {
        throw refusal(emailId, answer.error, answer.headers);
      }
      return answer.data.id;
    },
  };
}

/** The SDK never throws: a broken connection is an `application_error` without a status. */
function refusal(
  emailId: string,
  error: { readonly name: string; readonly statusCode: number | null },
  headers: Readonly<Record<string, string>> | null,
): AppError {
  const status = error.statusCode ?? 0;
  const isPassing = passing.has(error.name) || status === 429 || status >= 500 || status === 0;
  const retryAfterS = Number(headers?.['retry-after']);
  return isPassing
    ? new AppError('resend.unavailable', {
        message: `Mail ${emailId} could not be handed over: ${error.name}.`,
        retry: 'transient',
        dependency: true,
        details: {
          name: error.name,
          status,
          ...(retryAfterS > 0 && { retryAfterMs: retryAfterS * 1_000 * (1 + Math.random()) }),
        },
      })
    : new AppError('resend.refused', {
        message: `Mail ${emailId} was refused for good: ${error.name}.`,
        retry: 'permanent',
        details: { name: error.name, status },
      });
}
