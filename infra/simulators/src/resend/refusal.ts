import { z } from 'zod';

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

const mailRefusals = {
  daily_quota_exceeded: [429, 'You have reached your daily email sending quota.'],
  monthly_quota_exceeded: [429, 'You have reached your monthly email sending quota.'],
  restricted_api_key: [401, 'This API key is restricted to only send emails.'],
  suspended_api_key: [403, 'This API key is suspended.'],
  validation_error: [422, 'Invalid `to` field.'],
} as const;

/** A refusal may name whom the mail was for. */
export function mailRefusal(name: keyof typeof mailRefusals, body: unknown): ResendRefusal {
  const [status, message] = mailRefusals[name];
  const named = z.object({ to: z.unknown() }).safeParse(body).data?.to;
  const whom =
    name === 'validation_error' && named !== undefined ? ` Not an address: ${named}.` : '';
  return new ResendRefusal(status, name, `${message}${whom}`);
}
