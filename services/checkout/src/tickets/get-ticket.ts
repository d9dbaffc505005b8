import type { Ticket } from '@liventix/domain/tickets';
import { findTicket } from '@liventix/domain/tickets/repository';
import type { Executor } from '@liventix/shared/db';
import type { Deps } from '#deps';
import { refused } from '#holds/hold-errors';

/** The ticket that a token names; a token from before it changed hands names none. */
export async function getTicket(
  deps: Pick<Deps, 'db'>,
  named: { readonly id: string; readonly version: number },
): Promise<Ticket> {
  return await readTicket(deps.db.pool, named);
}

/** The same within a transaction, to see it under a lock. */
export async function readTicket(
  executor: Executor,
  named: { readonly id: string; readonly version: number },
): Promise<Ticket> {
  const ticket = await findTicket(executor, named.id);
  if (ticket === undefined || ticket.tokenVersion !== named.version) {
    throw refused('ticket.not_found', 'There is no such ticket.');
  }
  return ticket;
}
