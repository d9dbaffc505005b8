import { randomBytes } from 'node:crypto';

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** An id in the shape of Stripe's: a prefix and letters at random. */
export function stripeId(prefix: string, length = 24): string {
  const tail = [...randomBytes(length)].map((byte) => letters.charAt(byte % letters.length));
  return `${prefix}${tail.join('')}`;
}

export function nowSeconds(): number {
  return Math.floor(Date.now() / 1_000);
}
