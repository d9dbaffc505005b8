import { mayDo } from '@liventix/domain/access';
import { countGates } from '@liventix/domain/door/repository';
import type { SoldEvent } from '@liventix/domain/events/repository';
import { listEventsOf, readSale, type Sale } from '@liventix/domain/events/sale-repository';
import { readArrivals, readSales } from '@liventix/domain/events/sales-repository';
import { type Html, html } from '@liventix/shared/html';
import type { HttpApp } from '@liventix/shared/http';
import { formatMoney, inMajorUnits } from '@liventix/shared/money';
import { type Bar, barChart, meter } from '#console/charts';
import { page } from '#console/page';
import { badge, figure, moment, table } from '#console/words';
import type { Deps } from '#deps';
import { ownEvent } from '#events/own-event';

const hourMs = 3_600_000;
const arrivalsStepMs = 600_000;

/** Fewer bars than this are shown by the hour. */
const hoursMax = 72;

export function eventsPages(app: HttpApp, deps: Deps): void {
  page(app, deps, {
    url: '/console/events',
    action: 'events.read',
    render: async ({ credential }) => {
      const events = await listEventsOf(deps.db.pool, credential.organizationId);
      const rows = events.map(
        (event) =>
          html`<tr><td><a href="/console/events/${event.id}">${event.title}</a></td><td>${badge(event.status, event.status === 'on_sale' ? 'good' : 'plain')}</td><td>${moment(event.startsAt)}</td></tr>`,
      );
      const body = html`<h1>Events</h1>${table(['Event', 'Sale', 'Begins'], rows, 'There are no events yet.')}`;
      return { title: 'Events', body };
    },
  });
  page(app, deps, {
    url: '/console/events/:id',
    action: 'events.read',
    render: async ({ credential, params }) => {
      const event = await ownEvent(deps, credential, params.id);
      const sale = await readSale(deps.db.pool, event.id);
      const money = mayDo(credential, 'read') && (await renderSales(deps, event));
      const body = html`<h1>${event.title} ${badge(event.status)}</h1>
<p class="quiet">${event.venue} · ${moment(event.startsAt)} · ${event.timezone}</p>
${renderTiers(event, sale)}
${money}
${await renderDoor(deps, event)}
${mayDo(credential, 'read') && html`<p><a href="/admin/v1/events/${event.id}/guests.csv" download>Guest list as a table</a></p>`}`;
      return { title: event.title, body };
    },
  });
}

function renderTiers(event: SoldEvent, { tiers }: Sale): Html {
  const rows = tiers.map((tier) => {
    const taken = tier.issued + tier.reserved;
    const label = `${taken} of ${tier.capacity} taken`;
    return html`<tr><td>${tier.name}${tier.hidden && html` ${badge('hidden')}`}${tier.closed && html` ${badge('closed')}`}</td><td class="number">${formatMoney(tier.price_cents, event.currency, 'en')}</td><td class="number">${tier.issued}</td><td class="number">${tier.reserved}</td><td class="number">${tier.available}</td><td>${meter(taken, tier.capacity, label)}</td></tr>`;
  });
  const sum = (what: 'issued' | 'reserved' | 'capacity') =>
    tiers.reduce((all, tier) => all + tier[what], 0);
  return html`<dl class="figures">${figure('Tickets', sum('issued'))}${figure('On hold', sum('reserved'))}${figure('Places', sum('capacity'))}</dl>
<section><h2>Tiers</h2>${table(['Tier', 'Price', 'Tickets', 'On hold', 'Left', 'Taken'], rows, 'There are no tiers.')}</section>`;
}

async function renderSales(deps: Deps, event: SoldEvent): Promise<Html> {
  const of = { eventId: event.id, timezone: event.timezone };
  const days = await readSales(deps.books.pool, { ...of, by: 'day' });
  const isShort = days.length <= hoursMax / 24;
  const buckets = isShort ? await readSales(deps.books.pool, { ...of, by: 'hour' }) : days;
  const revenueCents = days.reduce((all, day) => all + day.revenueCents, 0);
  const money = (cents: number) => formatMoney(cents, event.currency, 'en');
  const bars = (value: (of: (typeof buckets)[number]) => number): Bar[] =>
    buckets.map((bucket) => ({
      at: bucket.at,
      value: value(bucket),
      label: `${bucket.at.toISOString().slice(0, 16).replace('T', ' ')}: ${bucket.tickets} tickets, ${money(bucket.revenueCents)}`,
    }));
  const stepMs = isShort ? hourMs : 24 * hourMs;
  const unit = isShort ? 'hour' : 'day';
  return html`<section><h2>Sales</h2>
<dl class="figures">${figure(
    'Orders',
    days.reduce((all, day) => all + day.orders, 0),
  )}${figure('Taken', money(revenueCents))}</dl>
${barChart({ title: `Tickets by ${unit}`, bars: bars(({ tickets }) => tickets), stepMs })}
${barChart({ title: `Money by ${unit}, ${event.currency}`, bars: bars((of) => inMajorUnits(of.revenueCents, event.currency)), stepMs })}</section>`;
}

async function renderDoor(deps: Deps, event: SoldEvent): Promise<Html> {
  const [gates, arrivals] = await Promise.all([
    countGates(deps.db.pool, event.id),
    readArrivals(deps.db.pool, event.id),
  ]);
  const rows = gates.map(
    (gate) =>
      html`<tr><td>${gate.gate}</td><td class="number">${gate.admitted}</td><td class="number">${gate.inside}</td><td class="number">${gate.refused}</td><td class="number">${gate.conflicts}</td></tr>`,
  );
  const bars = arrivals.map(({ at, admitted }) => ({
    at,
    value: admitted,
    label: `${at.toISOString().slice(11, 16)}: ${admitted} admitted`,
  }));
  return html`<section><h2>Door</h2>
${table(['Gate', 'Admitted', 'Inside', 'Refused', 'Conflicts'], rows, 'Nobody was scanned yet.')}
${bars.length > 0 && barChart({ title: 'Admitted by ten minutes', bars, stepMs: arrivalsStepMs })}</section>`;
}
