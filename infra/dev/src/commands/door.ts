import { randomUUID } from 'node:crypto';
import { checkInView } from '@liventix/contracts/api/door';
import qrcode from 'qrcode';
import { z } from 'zod';
import type { StackInfo } from '#stack/stack';
import { call, type DemoEvent, type Sale } from './sale.ts';

export interface DemoScan {
  readonly gate: string;
  readonly outcome: string;
  readonly message: string;
  /** Where and when the ticket came in before. */
  readonly before: { readonly gate: string; readonly at: string } | null;
}

/** The code of a ticket as a terminal shows it: coloured for eyes, in plain blocks for a file. */
export async function drawCode(code: string, options: { readonly inColour: boolean }) {
  return await qrcode.toString(code, {
    type: options.inColour ? 'terminal' : 'utf8',
    small: true,
    errorCorrectionLevel: 'M',
  });
}

/**
 * A ticket of the sale at the door, as two people with one code would try it: admitted at one gate,
 * refused at the other.
 */
export async function scanTwice(
  stack: StackInfo,
  of: { readonly event: DemoEvent; readonly ticket: Sale['order']['tickets'][number] },
  say: (line: string) => void,
): Promise<DemoScan[]> {
  const { event, ticket } = of;
  const scans: DemoScan[] = [];
  for (const gate of ['North', 'South']) {
    const key = await addDevice(stack, event, gate);
    const scan = await scanAt(stack, { key, gate, code: ticket.qr ?? '' });
    const since = scan.before === null ? '' : ` (${scan.before.gate}, ${timeOf(scan.before.at)})`;
    say(`ticket ${ticket.serial} at gate ${gate}: ${scan.outcome}. ${scan.message}${since}`);
    scans.push(scan);
  }
  return scans;
}

async function addDevice(stack: StackInfo, event: DemoEvent, gate: string): Promise<string> {
  const made = await call(`${stack.urls.ops}/admin/v1/events/${event.id}/devices`, {
    token: stack.adminApiKey,
    body: { gate, label: 'Demonstration' },
  });
  return z.object({ key: z.string() }).parse(made).key;
}

async function scanAt(
  stack: StackInfo,
  scan: { readonly key: string; readonly gate: string; readonly code: string },
): Promise<DemoScan> {
  const { gate, code, key: token } = scan;
  const body = { code, nonce: randomUUID() };
  const answer = await call(`${stack.urls.door}/v1/check-ins`, { token, body });
  const { outcome, message, before } = checkInView.parse(answer);
  return { gate, outcome, message, before };
}

function timeOf(at: string): string {
  return new Date(at).toLocaleTimeString('en-GB');
}
