import { parseConfig } from '@liventix/shared/config';
import { commaList, serviceFields } from '@liventix/shared/config/fields';
import { z } from 'zod';

export const schema = z.object({
  ...serviceFields,
  /** Signing secrets of our endpoint, comma-separated: while one is rolled, both are valid. */
  STRIPE_WEBHOOK_SECRETS: commaList().pipe(
    z.array(z.string().regex(/^\S{16,}$/, 'is a signing secret of at least 16 characters')).min(1),
  ),
  /** Of Resend's, likewise; none: what becomes of mails is not followed. */
  RESEND_WEBHOOK_SECRETS: commaList()
    .pipe(z.array(z.string().regex(/^whsec_[A-Za-z0-9+/=]{16,}$/, 'is whsec_ and base64')))
    .default([]),
});

export type Config = z.output<typeof schema>;

export function loadConfig(env: NodeJS.ProcessEnv = process.env): Config {
  return parseConfig(schema, env);
}
