import { z } from 'zod';

const noControls = /^[^\p{Cc}\p{Zl}\p{Zp}]+$/u;
const name = z.string().trim().min(1).max(200).regex(noControls, 'no control characters');

/** Body of POST /admin/v1/events/{id}/complimentary-orders. */
export const complimentaryBody = z
  .strictObject({
    tier: z.uuid(),
    quantity: z.int().min(1).max(10_000),
    /** Who gets the tickets by mail. */
    buyer: z.strictObject({ name, email: z.email().max(254) }),
    /** Who will come in, in the order of the serials; the rest are in the buyer's name. */
    holders: z.array(name).max(10_000).default([]),
    /** Why they cost nothing, for who reads it later. */
    reason: z.string().trim().min(1).max(500),
  })
  .meta({
    examples: [
      {
        tier: '0199a000-0000-7000-8000-000000000001',
        quantity: 2,
        buyer: { name: 'Ada Lovelace', email: 'delivered@resend.dev' },
        holders: ['Ada Lovelace', 'Grace Hopper'],
        reason: 'guests of the band',
      },
    ],
  });
export type ComplimentaryBody = z.output<typeof complimentaryBody>;

export const complimentaryView = z.object({
  id: z.uuid(),
  number: z.string(),
  status: z.enum(['pending', 'paid', 'fulfilled', 'expired', 'cancelled']),
  quantity: z.int(),
});
