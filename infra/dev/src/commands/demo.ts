import { setTimeout as sleep } from 'node:timers/promises';
import type { StackInfo } from '#stack/stack';
import { linkFor, makeOwner } from './admin.ts';
import { type DemoScan, drawCode, scanTwice } from './door.ts';
import { readSnapshot, refundOneTicket } from './refunding.ts';
import { runStack } from './running.ts';
import { createDemoEvent, type DemoEvent, placeOrder, type Sale, sellOnce } from './sale.ts';
import { printSnapshot } from './snapshot.ts';
import { print, say, untilStopped } from './terminal.ts';
import { addresses } from './up.ts';

/** Between two sales of the demonstration: slow enough to watch the queues. */
const betweenSalesMs = 4_000;

/** Fees are in the books within seconds, and not within the usual minute. */
const overrides = { RECONCILE_INTERVAL_MS: '1000' };

export async function demo(options: {
  readonly once?: boolean;
  readonly json?: boolean;
}): Promise<void> {
  const running = await runStack('demo', { overrides });
  if (options.once === true) {
    try {
      await demoOnce(running.stack, options.json === true);
    } finally {
      await running.stop();
    }
    return;
  }
  const stopped = untilStopped({
    kill: running.kill,
    stop: async () => {
      // Ctrl-C may have reached the services too: then there is nobody left to ask.
      await readSnapshot(running.stack).then(printSnapshot, () => undefined);
      await running.stop();
    },
  });
  const event = await createDemoEvent(running.stack);
  const sale = await sellOnce(running.stack, event, say);
  await refundOneTicket(running.stack, sale, say);
  await showDoor(running.stack, event, sale);
  const open = await placeOrder(running.stack, event);
  print(addresses(running.stack));
  print(`  Log in once        ${await loginLink(running.stack)}`);
  print(`  Tickets just sold  ${sale.orderPage}`);
  print(`  Their mail         ${running.stack.urls.resend}/inbox/${sale.mailId}`);
  print(`  Pay one yourself   ${open.checkoutUrl}\n`);
  printSnapshot(await readSnapshot(running.stack));
  print('\n  A ticket is sold every few seconds. Ctrl-C stops everything.\n');
  sellOn(running.stack, event).catch((error: unknown) => say(`The sales ended: ${error}`));
  await stopped;
}

/** The console needs nobody's password here: a link that works once lets the demo's owner in. */
async function loginLink(stack: StackInfo): Promise<string> {
  const owner = { email: 'owner@demo.example', organization: 'demo' };
  await makeOwner(stack.databaseUrl, { ...owner, name: 'Demo owner' }).catch(() => undefined);
  const token = await linkFor(stack.databaseUrl, { ...owner, purpose: 'login' });
  return `${stack.urls.ops}/login/link/${token}`;
}

async function demoOnce(stack: StackInfo, asJson: boolean): Promise<void> {
  const event = await createDemoEvent(stack);
  const sale = await sellOnce(stack, event, say);
  const refund = await refundOneTicket(stack, sale, say);
  const scans = asJson
    ? await scanTwice(stack, { event, ticket: keptTicket(sale) }, say)
    : await showDoor(stack, event, sale);
  const snapshot = await readSnapshot(stack);
  const { id, number, status, total_cents, currency, tickets } = sale.order;
  const summary = {
    order: { id, number, status, total_cents, currency },
    tickets: tickets.map(({ serial, qr, tier }) => ({ serial, qr, tier })),
    mail_id: sale.mailId,
    urls: {
      ...stack.urls,
      order_page: sale.orderPage,
      mail: `${stack.urls.resend}/inbox/${sale.mailId}`,
    },
    payment_to_tickets_ms: sale.paymentToTicketsMs,
    refund,
    scans,
    snapshot,
  };
  if (asJson) {
    print(JSON.stringify(summary));
    return;
  }
  print(
    `Sold order ${number}: ${tickets.length} tickets, ${sale.paymentToTicketsMs} ms after the payment, mail ${sale.mailId}; ticket ${refund.serial} given back.`,
  );
  printSnapshot(snapshot);
}

/** The code of the ticket that was kept, and what becomes of it at two gates. */
async function showDoor(stack: StackInfo, event: DemoEvent, sale: Sale): Promise<DemoScan[]> {
  const ticket = keptTicket(sale);
  print(`\n  Ticket ${ticket.serial}, ${ticket.tier}\n`);
  print(await drawCode(ticket.qr ?? '', { inColour: process.stdout.isTTY }));
  return await scanTwice(stack, { event, ticket }, say);
}

/** The first was given back. */
function keptTicket({ order: { tickets, number } }: Sale): Sale['order']['tickets'][number] {
  const [, kept] = tickets;
  if (kept === undefined) {
    throw new Error(`order ${number} has no second ticket, though two were bought`);
  }
  return kept;
}

async function sellOn(stack: StackInfo, event: DemoEvent): Promise<void> {
  for (;;) {
    await sleep(betweenSalesMs);
    try {
      const sale = await sellOnce(stack, event);
      say(`sold ${sale.order.number} in ${sale.paymentToTicketsMs} ms`);
    } catch (error) {
      say(`a sale did not finish: ${error instanceof Error ? error.message : error}`);
    }
  }
}
