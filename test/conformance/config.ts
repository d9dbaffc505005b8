import { z } from 'zod';

const schema = z.object({
  /** A test-mode key: the assumptions are then checked against Stripe itself, too. */
  CONFORMANCE_STRIPE_SECRET_KEY: z.string().startsWith('sk_test_').optional(),
  CONFORMANCE_RESEND_API_KEY: z.string().startsWith('re_').optional(),
  /** A sender of a domain that is verified for that key. */
  CONFORMANCE_MAIL_FROM: z.string().default('Liventix <tickets@liventix.dev>'),
});

export function loadConformance(env: NodeJS.ProcessEnv = process.env) {
  return schema.parse(env);
}
