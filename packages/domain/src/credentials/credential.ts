import { base32nopad, hex } from '@scure/base';

/** What a code at the door says: this ticket of this event, in this version, signed with this key. */
export interface CredentialClaim {
  readonly eventId: string;
  readonly ticketId: string;
  /** Raised when the ticket changes hands: codes of a version before it are dead. */
  readonly version: number;
  /** Which of the event's keys signed it. */
  readonly kid: number;
}

export interface Credential extends CredentialClaim {
  /** Ed25519 over `signedBytes`, 64 bytes. */
  readonly signature: Uint8Array;
}

/**
 * 39 bytes of claim and 64 of signature in base32 are 165 capital letters and digits, which QR writes in
 * its alphanumeric mode: with the four letters of the format a code of version 7 at level M (ISO/IEC
 * 18004, table 7), 45 modules wide.
 */
const format = 'LVX2';
const claimLength = 39;
const signatureLength = 64;
const codeLength = format.length + Math.ceil(((claimLength + signatureLength) * 8) / 5);

/** Bytes signed are of this use alone: a signature for anything else is none for a code. */
const purpose = new TextEncoder().encode('liventix/ticket/2\0');

function claimBytes(claim: CredentialClaim): Uint8Array {
  const bytes = new Uint8Array(claimLength);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, 2);
  view.setUint16(1, claim.kid);
  view.setUint32(3, claim.version);
  bytes.set(uuidBytes(claim.eventId), 7);
  bytes.set(uuidBytes(claim.ticketId), 23);
  return bytes;
}

/** What an event's key signs for a ticket. */
export function signedBytes(claim: CredentialClaim): Uint8Array {
  return Uint8Array.from([...purpose, ...claimBytes(claim)]);
}

/** The text inside the code. */
export function codeOf(credential: Credential): string {
  const bytes = new Uint8Array(claimLength + signatureLength);
  bytes.set(claimBytes(credential));
  bytes.set(credential.signature, claimLength);
  return `${format}${base32nopad.encode(bytes)}`;
}

/**
 * What a code says, whoever wrote it; undefined for anything that is no code of ours. Nothing is
 * believed before its signature is checked.
 */
export function readCode(text: string): Credential | undefined {
  if (text.length !== codeLength || !text.startsWith(format)) {
    return undefined;
  }
  let bytes: Uint8Array;
  try {
    bytes = base32nopad.decode(text.slice(format.length));
  } catch {
    return undefined;
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint8(0) !== 2) {
    return undefined;
  }
  return {
    kid: view.getUint16(1),
    version: view.getUint32(3),
    eventId: uuidText(bytes.subarray(7, 23)),
    ticketId: uuidText(bytes.subarray(23, claimLength)),
    signature: bytes.slice(claimLength),
  };
}

function uuidBytes(uuid: string): Uint8Array {
  return hex.decode(uuid.replaceAll('-', ''));
}

function uuidText(bytes: Uint8Array): string {
  const text = hex.encode(bytes);
  return [
    text.slice(0, 8),
    text.slice(8, 12),
    text.slice(12, 16),
    text.slice(16, 20),
    text.slice(20),
  ].join('-');
}
