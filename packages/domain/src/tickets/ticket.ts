export type TicketStatus = 'valid' | 'suspended' | 'refunded' | 'void';

export interface Ticket {
  readonly id: string;
  readonly orderId: string;
  readonly eventId: string;
  readonly tierId: string;
  readonly tierName: string;
  readonly seq: number;
  readonly serial: number;
  readonly status: TicketStatus;
  readonly holderName: string | null;
  readonly credentialVersion: number;
  readonly tokenVersion: number;
}

/** Serials are counted per event; people read them with leading zeros. */
export function formatSerial(serial: number): string {
  return String(serial).padStart(6, '0');
}

/** Only a valid ticket shows its code: any other would be turned away at the door. */
export function showsCode(ticket: { readonly status: TicketStatus }): boolean {
  return ticket.status === 'valid';
}

/**
 * The text inside the code at the door: a format version, then a token that names the ticket and
 * its credential version, so that raising the version kills every copy.
 */
export function qrPayload(
  tokens: { issue(kind: string, id: string, version: number): string },
  ticket: { readonly id: string; readonly credentialVersion: number },
): string {
  return `LVX1.${tokens.issue('credential', ticket.id, ticket.credentialVersion)}`;
}
