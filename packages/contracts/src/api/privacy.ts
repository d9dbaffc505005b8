import { z } from 'zod';

export const personBody = z
  .strictObject({ email: z.email().max(254) })
  .meta({ examples: [{ email: 'ada@example.com' }] });
export type PersonBody = z.output<typeof personBody>;

/** What was cleared, in rows; zeros when there was nothing left. */
export const erasedView = z.object({
  status: z.literal('erased'),
  orders: z.int(),
  tickets: z.int(),
  transfers: z.int(),
  wallets: z.int(),
  mails: z.int(),
});
