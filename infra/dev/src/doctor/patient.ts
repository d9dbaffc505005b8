import { z } from 'zod';

/** The deployment that is looked at: the variables its services are given. */
export const patientSchema = z.object({
  DATABASE_URL: z.string().optional(),
  REDIS_URL: z.string().optional(),
  STRIPE_SECRET_KEY: z.string().optional(),
  STRIPE_API_URL: z.string().optional(),
  STRIPE_WEBHOOK_SECRETS: z.string().optional(),
  /** The public address of webhook-ingest, as it stands in Stripe's dashboard. */
  STRIPE_WEBHOOK_URL: z.string().optional(),
  RESEND_API_KEY: z.string().optional(),
  RESEND_API_URL: z.string().optional(),
  MAIL_FROM: z.string().optional(),
  PUBLIC_URL: z.string().optional(),
  ALERT_WEBHOOK_URL: z.string().optional(),
  ALERT_MAIL_TO: z.string().optional(),
  HEARTBEAT_URL: z.string().optional(),
});
export type Patient = z.output<typeof patientSchema>;
