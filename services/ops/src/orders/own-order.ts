import type { Credential } from '@liventix/domain/access/repository';
import type { Order } from '@liventix/domain/orders';
import { findOrder } from '@liventix/domain/orders/repository';
import type { Database } from '@liventix/shared/db';
import { AppError } from '@liventix/shared/errors';
import { z } from 'zod';
import { notFound } from '#access/not-found';

/** Another organization's order is as unknown as one that does not exist. */
export async function ownOrder(
  deps: { readonly db: Database },
  credential: Credential,
  orderId: string,
): Promise<Order> {
  const isId = z.uuid().safeParse(orderId).success;
  const order = isId ? await findOrder(deps.db.pool, orderId) : undefined;
  if (order === undefined || order.organizationId !== credential.organizationId) {
    throw notFound('order');
  }
  return order;
}

/** Nothing is written to whom nobody knows any more. */
export function refuseErased(order: Order | undefined): void {
  if (order?.isErased === true) {
    throw erased(order);
  }
}

export function erased({ number }: Order): AppError {
  return new AppError('order.erased', {
    message: `The people of order ${number} were forgotten.`,
    retry: 'permanent',
  });
}
