import { toBuffer, toString as toSvg } from 'qrcode';
import { createTypesetter, type Typesetter } from '#rendering/typesetter';
import type { PrintedSheet } from '#tickets/ticket-sheet';

/** Level M and a quiet zone of four modules: what scanners ask of a code on a cracked screen. */
const codeOptions = { errorCorrectionLevel: 'M', margin: 4 } as const;

let typesetter: Promise<Typesetter> | undefined;

export async function codeSvg(code: string): Promise<string> {
  return await toSvg(code, { ...codeOptions, type: 'svg' });
}

export async function codePng(task: {
  readonly code: string;
  readonly scale: number;
}): Promise<Uint8Array> {
  const { code, scale } = task;
  return await toBuffer(code, { ...codeOptions, scale });
}

export async function ticketsPdf(sheet: PrintedSheet): Promise<Uint8Array> {
  typesetter ??= createTypesetter();
  const set = await typesetter;
  const tickets = await Promise.all(
    sheet.tickets.map(async (ticket) => ({ ...ticket, code: await codeSvg(ticket.code) })),
  );
  return set({ ...sheet, tickets });
}
