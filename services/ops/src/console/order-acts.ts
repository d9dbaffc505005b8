import { randomUUID } from 'node:crypto';
import { mayDo } from '@liventix/domain/access';
import type { Credential } from '@liventix/domain/access/repository';
import type { Order } from '@liventix/domain/orders';
import type { OrderStory } from '@liventix/domain/orders/story';
import { formatSerial, type Ticket } from '@liventix/domain/tickets';
import { type Html, html } from '@liventix/shared/html';
import { call } from '#console/words';

interface Shown {
  readonly credential: Credential;
  readonly order: Order;
  readonly tickets: readonly Ticket[];
  readonly story: OrderStory;
}

/** The buttons of an order. Each goes to the admin API, which refuses what is not so any more. */
export function renderActs(shown: Shown): Html {
  const { credential, order } = shown;
  const isRefunder = mayDo(credential, 'orders.refund');
  return html`${mayDo(credential, 'orders.mend') && renderMend(order)}
${isRefunder && renderDecisions(shown)}
${isRefunder && order.status === 'fulfilled' && renderRefund(shown)}
${isRefunder && order.status === 'paid' && renderGiveUp(order)}`;
}

function renderMend(order: Order): Html {
  const base = `/admin/v1/orders/${order.id}`;
  return html`<section class="acts"><h2>Mend</h2>
${call({ url: `${base}/ensure-tickets`, label: 'Ensure tickets' })}
${!order.isErased && call({ url: `${base}/resend-confirmation`, label: 'Mail the tickets again', key: randomUUID() })}
${
  !order.isErased &&
  call({
    url: `${base}/correct-address`,
    label: 'Fix the address',
    fields: html`<label>Mail address<input type="email" name="email" value="${order.buyerEmail ?? ''}" required maxlength="254"></label>`,
  })
}
</section>`;
}

const why = html`<label>Why<input name="reason" required maxlength="80"></label>`;

/** What only a person can decide, where an incident asks for it. */
function renderDecisions({ story, tickets }: Shown): Html | false {
  const open = story.incidents.filter(({ resolved_at: resolved }) => resolved === null);
  const decisions = open.flatMap(({ kind, object_type: type, object_id: id }): Html[] => {
    switch (`${kind} of ${type}`) {
      case 'payment.review of payment':
        return [
          call({
            url: `/admin/v1/payments/${id}/refund`,
            label: 'Give this payment back',
            fields: why,
            confirm: 'Give back all of a payment that does not match what was asked for?',
          }),
        ];
      case 'refund.failed of refund':
      case 'refund.refused of refund':
        return [
          call({ url: `/admin/v1/refunds/${id}/retry`, label: 'Refund again' }),
          call({
            url: `/admin/v1/refunds/${id}/write-off`,
            label: 'Do not pay this refund',
            fields: why,
            confirm: 'Decide that the money of this refund is not paid?',
          }),
        ];
      case 'refund.external_partial of refund':
        return [allotment(`/admin/v1/refunds/${id}/allot`, 'This refund was of these', tickets)];
      case 'dispute.lost_in_part of dispute':
        return [allotment(`/admin/v1/disputes/${id}/allot`, 'These end with it', tickets)];
      default:
        return [];
    }
  });
  return decisions.length > 0 && html`<section class="acts"><h2>Decide</h2>${decisions}</section>`;
}

function allotment(url: string, label: string, tickets: readonly Ticket[]): Html {
  const confirm = `${label}? They admit nobody from then on.`;
  return call({ url, label, fields: boxesOf(tickets, ['valid', 'suspended']), confirm });
}

function boxesOf(tickets: readonly Ticket[], statuses: readonly string[]): Html {
  const boxes = tickets
    .filter(({ status }) => statuses.includes(status))
    .map(
      (ticket) =>
        html`<label class="check"><input type="checkbox" name="tickets[]" value="${ticket.id}"> ${formatSerial(ticket.serial)} ${ticket.tierName}</label>`,
    );
  return html`<fieldset><legend>Tickets</legend>${boxes}</fieldset>`;
}

/** Of an order that was paid and has no tickets: they are issued, or nothing ever is. */
function renderGiveUp(order: Order): Html {
  return html`<details class="acts"><summary>Refund</summary>
${call({
  url: `/admin/v1/orders/${order.id}/refunds`,
  label: 'Give all the money back, without tickets',
  fields: why,
  key: randomUUID(),
  confirm: `Cancel order ${order.number} and give all its money back? It gets no tickets any more.`,
})}
</details>`;
}

function renderRefund({ order, tickets }: Shown): Html {
  const url = `/admin/v1/orders/${order.id}/refunds`;
  return html`<details class="acts"><summary>Refund</summary>
${call({
  url,
  label: 'Refund all that is left',
  fields: why,
  key: randomUUID(),
  confirm: `Refund all that is left of order ${order.number}? Its tickets admit nobody from then on.`,
})}
${
  tickets.some(({ status }) => status === 'valid') &&
  call({
    url,
    label: 'Refund these tickets',
    fields: html`${boxesOf(tickets, ['valid'])}${why}`,
    key: randomUUID(),
    confirm: 'Refund these tickets? They admit nobody from then on.',
  })
}
${call({
  url,
  label: 'Give money back, tickets stay',
  fields: html`<label>Amount in the smallest unit of ${order.currency}<input type="number" name="amount_cents" min="1" max="99999999" required></label>${why}`,
  key: randomUUID(),
  confirm: 'Give this money back?',
})}
</details>`;
}
