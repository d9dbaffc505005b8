import { codeOf } from '#credentials/credential';

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
  /** Somebody else than the buyer holds it: it is not the order's to show. */
  readonly isPassedOn: boolean;
  readonly tokenVersion: number;
  /** The event's key that signed its code as it is now, and the signature. */
  readonly signed: { readonly kid: number; readonly signature: Uint8Array } | null;
}

/** Serials are counted per event; people read them with leading zeros. */
export function formatSerial(serial: number): string {
  return String(serial).padStart(6, '0');
}

/** Only a valid ticket shows its code: any other would be turned away at the door. */
export function showsCode(ticket: Pick<Ticket, 'status'>): boolean {
  return ticket.status === 'valid';
}

/** The text inside the code at the door; undefined until the ticket is signed. */
export function qrPayload(
  ticket: Pick<Ticket, 'id' | 'eventId' | 'credentialVersion' | 'signed'>,
): string | undefined {
  const { id: ticketId, eventId, credentialVersion: version, signed } = ticket;
  return signed === null ? undefined : codeOf({ ticketId, eventId, version, ...signed });
}
