import { z } from 'zod';

const timestamp = z.iso.datetime({ offset: true });

/** Answer of GET /admin/v1/alerts: what fires first, then what has cleared. */
export const alertList = z.object({
  alerts: z.array(
    z.object({
      id: z.uuid(),
      name: z.string(),
      severity: z.enum(['page', 'ticket']),
      summary: z.string(),
      /** The section of the runbook that says what to do. */
      runbook: z.string(),
      state: z.enum(['firing', 'cleared']),
      fired_at: timestamp,
      cleared_at: timestamp.nullable(),
    }),
  ),
});
