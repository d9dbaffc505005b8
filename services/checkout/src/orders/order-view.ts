import type { OrderView, TicketView } from '@liventix/contracts/api/orders';
import { addressHint } from '@liventix/domain/emails/delivery';
import { listOrderEmails } from '@liventix/domain/emails/repository';
import { getEvent, type SoldEvent } from '@liventix/domain/events/repository';
import type { Order } from '@liventix/domain/orders';
import { listOrderRefunds } from '@liventix/domain/refunds/listing-repository';
import { formatSerial, qrPayload, showsCode, type Ticket } from '@liventix/domain/tickets';
import { pageOrderTickets } from '@liventix/domain/tickets/repository';
import type { Tokens } from '@liventix/shared/tokens';
import type { Deps } from '#deps';

/** An order as its buyer sees it; its tickets from after this serial on. */
export async function readOrderView(
  deps: Pick<Deps, 'db' | 'tokens'>,
  order: Order,
  after = '0',
): Promise<OrderView> {
  const page = { orderId: order.id, afterSerial: Number(after) };
  const [event, { tickets, next }, mails, refunds] = await Promise.all([
    getEvent(deps.db.pool, order.eventId),
    pageOrderTickets(deps.db.pool, page),
    listOrderEmails(deps.db.pool, order.id),
    listOrderRefunds(deps.db.pool, order.id),
  ]);
  return {
    id: order.id,
    number: order.number,
    status: order.status,
    event: eventPart(event),
    items: order.items.map((item) => ({
      tier: item.tierId,
      name: item.tierName,
      quantity: item.quantity,
      unit_price_cents: item.unitPriceCents,
      discount_cents: item.discountCents,
      total_cents: item.totalCents,
    })),
    currency: order.currency,
    promo_code: order.promo?.code ?? null,
    discount_cents: order.discountCents,
    total_cents: order.totalCents,
    wallet_cents: order.walletCents,
    tickets: tickets.map((ticket) =>
      ticket.isPassedOn ? passedOnView(ticket) : toTicketView(deps.tokens, ticket),
    ),
    tickets_next: next === undefined ? null : formatSerial(next),
    mails: mails.map(({ kind, status, providerId, recipient, isOverdue }) => ({
      kind,
      status,
      provider_id: providerId,
      to: recipient === null ? null : addressHint(recipient),
      overdue: isOverdue,
    })),
    refunds: refunds.map(({ amountCents, status }) => ({ amount_cents: amountCents, status })),
    created_at: order.createdAt.toISOString(),
  };
}

export function toTicketView(tokens: Tokens, ticket: Ticket): TicketView {
  return {
    id: ticket.id,
    serial: formatSerial(ticket.serial),
    status: ticket.status,
    tier: ticket.tierName,
    holder_name: ticket.holderName,
    qr: showsCode(ticket) ? (qrPayload(ticket) ?? null) : null,
    passed_on: false,
    token: tokens.issue('ticket', ticket.id, ticket.tokenVersion),
  };
}

/** What its buyer may see of a ticket that somebody else holds: that it is so. */
function passedOnView(ticket: Ticket): OrderView['tickets'][number] {
  return {
    id: ticket.id,
    serial: formatSerial(ticket.serial),
    status: ticket.status,
    tier: ticket.tierName,
    holder_name: null,
    passed_on: true,
    qr: null,
    token: null,
  };
}

export function eventPart(event: SoldEvent): OrderView['event'] {
  return {
    slug: event.slug,
    title: event.title,
    venue: event.venue,
    starts_at: event.startsAt.toISOString(),
    ends_at: event.endsAt.toISOString(),
    timezone: event.timezone,
  };
}
