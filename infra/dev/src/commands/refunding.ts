import { randomUUID } from 'node:crypto';
import { type HealthSnapshotView, healthSnapshotView } from '@liventix/contracts/api/books';
import { refundList, refundView } from '@liventix/contracts/api/refunds';
import { formatMoney } from '@liventix/shared/money';
import { waitFor } from '@liventix/shared/testing/wait';
import type { StackInfo } from '#stack/stack';
import { call, type Sale } from './sale.ts';

export interface PartialRefund {
  readonly id: string;
  readonly amount_cents: number;
  readonly serial: string;
}

/** Gives back one ticket of a sale, as support would, and waits until Stripe has made it. */
export async function refundOneTicket(
  stack: StackInfo,
  sale: Sale,
  say: (line: string) => void,
): Promise<PartialRefund> {
  const url = `${stack.urls.ops}/admin/v1/orders/${sale.order.id}/refunds`;
  const [ticket] = sale.order.tickets;
  const { id, amount_cents, currency } = refundView.parse(
    await call(url, {
      token: stack.adminApiKey,
      idempotencyKey: randomUUID(),
      body: { tickets: [ticket?.id], reason: 'One of the two is ill.' },
    }),
  );
  await waitFor(
    async () => {
      const { refunds } = refundList.parse(await call(url, { token: stack.adminApiKey }));
      return refunds.some((refund) => refund.id === id && refund.status === 'succeeded');
    },
    { what: `the refund of ticket ${ticket?.serial}`, timeoutMs: 30_000 },
  );
  say(`ticket ${ticket?.serial} given back, ${formatMoney(amount_cents, currency, 'en')} refunded`);
  return { id, amount_cents, serial: ticket?.serial ?? '' };
}

/** How long Stripe takes at most to tell what it kept of a sale; without it the fees are missing. */
const feesWithinMs = 10_000;

/** The state of the business, once Stripe has told what it kept of the sale. */
export async function readSnapshot(stack: StackInfo): Promise<HealthSnapshotView> {
  const read = async () =>
    healthSnapshotView.parse(
      await call(`${stack.urls.ops}/admin/v1/health-snapshot`, { token: stack.adminApiKey }),
    );
  const withFees = async () => {
    const snapshot = await read();
    return snapshot.money.some(({ fees_cents: fees }) => fees > 0) ? snapshot : undefined;
  };
  return await waitFor(withFees, { what: 'the fees', timeoutMs: feesWithinMs }).catch(read);
}
