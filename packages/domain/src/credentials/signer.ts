import { createPrivateKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { promisify } from 'node:util';
import type { Transaction } from '@liventix/shared/db';
import { openSealed, sealBytes } from '@liventix/shared/tokens';
import { signedBytes } from './credential.ts';
import { findKeyInUse, insertKey, nextKid, type SealedKey } from './key-repository.ts';

export interface MasterKey {
  readonly kid: string;
  readonly secret: string;
}

/** Signatures of an event's tickets, in the order asked for. */
export interface SignedTickets {
  readonly kid: number;
  readonly signatures: readonly Uint8Array[];
}

export interface Signer {
  /** Signs codes with the event's key, which is made when there is none. */
  sign(
    tx: Transaction,
    eventId: string,
    tickets: readonly { readonly id: string; readonly version: number }[],
  ): Promise<SignedTickets>;
  /** Signs what the door is told, with the same key. What is signed must not begin as a code does. */
  signText(
    tx: Transaction,
    eventId: string,
    textOf: (kid: number) => Promise<string>,
  ): Promise<{ readonly text: string; readonly signature: Uint8Array }>;
}

/** A key opened a minute ago may have been retired since: then the old one signs for that long. */
const openForMs = 60_000;
const openMax = 1_000;

/** Signs off the event loop, where ten thousand signatures would stop it for most of a second. */
const signAsync = promisify(
  (data: Uint8Array, key: KeyObject, done: (error: Error | null, signature: Buffer) => void) =>
    sign(null, data, key, done),
);

/**
 * Signs tickets with keys of their event, which lie sealed in the database: AES-256-GCM under a master
 * key from the environment, bound to the event and the number of the key, so that one cannot be put in
 * another's place. The first master key seals; the others still open, which is how it is rotated.
 */
export function createSigner(masterKeys: readonly MasterKey[]): Signer {
  const opened = new Map<string, { readonly kid: number; key: KeyObject; readonly at: number }>();
  const keyOf = async (tx: Transaction, eventId: string) => {
    const known = opened.get(eventId);
    if (known !== undefined && performance.now() - known.at < openForMs) {
      return known;
    }
    const found = await findKeyInUse(tx, eventId);
    // One made in this transaction is kept nowhere: it may be rolled back.
    const sealed = found ?? (await makeKey(tx, eventId, masterKeys));
    const key = { kid: sealed.kid, key: open(sealed, eventId, masterKeys), at: performance.now() };
    if (found !== undefined) {
      opened.delete(eventId);
      opened.set(eventId, key);
      for (const oldest of opened.size > openMax ? [...opened.keys()].slice(0, 1) : []) {
        opened.delete(oldest);
      }
    }
    return key;
  };
  return {
    sign: async (tx, eventId, tickets) => {
      const { kid, key } = await keyOf(tx, eventId);
      const signatures = await Promise.all(
        tickets.map(
          async ({ id: ticketId, version }) =>
            await signAsync(signedBytes({ eventId, ticketId, version, kid }), key),
        ),
      );
      return { kid, signatures };
    },
    signText: async (tx, eventId, textOf) => {
      const { kid, key } = await keyOf(tx, eventId);
      const text = await textOf(kid);
      return { text, signature: await signAsync(Buffer.from(text), key) };
    },
  };
}

async function makeKey(
  tx: Transaction,
  eventId: string,
  masterKeys: readonly MasterKey[],
): Promise<SealedKey> {
  const kid = await nextKid(tx, eventId);
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const { x = '' } = publicKey.export({ format: 'jwk' });
  const sealedPrivateKey = seal(privateKey, contextOf(eventId, kid), masterKeys);
  await insertKey(tx, {
    eventId,
    kid,
    publicKey: Buffer.from(x, 'base64url'),
    sealedPrivateKey,
  });
  // Somebody else's, when they came first.
  const inUse = await findKeyInUse(tx, eventId);
  return inUse ?? { kid, sealedPrivateKey };
}

function contextOf(eventId: string, kid: number): string {
  return `liventix/event_key/${eventId}/${kid}`;
}

function seal(key: KeyObject, context: string, masterKeys: readonly MasterKey[]): string {
  return sealBytes(key.export({ format: 'der', type: 'pkcs8' }), { context, keys: masterKeys });
}

function open(sealed: SealedKey, eventId: string, masterKeys: readonly MasterKey[]): KeyObject {
  const context = contextOf(eventId, sealed.kid);
  const key = openSealed(sealed.sealedPrivateKey, { context, keys: masterKeys });
  return createPrivateKey({ key, format: 'der', type: 'pkcs8' });
}
