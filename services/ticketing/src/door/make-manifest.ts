import { listPublicKeys, type PublicKey } from '@liventix/domain/credentials/key-repository';
import type { Device } from '@liventix/domain/door/device-repository';
import { type Manifest, readManifest } from '@liventix/domain/door/manifest-repository';
import type { Deps } from '#deps';

/** After that a device should ask again, and says so to whoever holds it. */
const believedForMs = 15 * 60_000;

/**
 * What a device needs to decide without a network, as a compact JWS (RFC 7515 §7.1, RFC 8037 for EdDSA)
 * signed with the key that signs the event's codes. The rows of tickets are text from the database to
 * the wire: at a hundred thousand admissions reading them into objects would hold up every scan.
 */
export async function makeManifest(
  deps: Pick<Deps, 'db' | 'signer'>,
  device: Device,
  since: string | undefined,
): Promise<string> {
  const { eventId, gate, tierIds } = device;
  return await deps.db.inTransaction(async (tx) => {
    const manifest = await readManifest(tx, { eventId, tierIds, since });
    const { text, signature } = await deps.signer.signText(tx, eventId, async (kid) => {
      const header = { alg: 'EdDSA', typ: 'liventix-manifest', kid: String(kid) };
      // Read with the key that signs in place: a key made for this manifest is among them.
      const keys = await listPublicKeys(tx, eventId);
      const payload = payloadOf({ manifest, keys, eventId, gate });
      return `${segment(JSON.stringify(header))}.${segment(payload)}`;
    });
    return `${text}.${Buffer.from(signature).toString('base64url')}`;
  });
}

function payloadOf(from: {
  readonly manifest: Manifest;
  readonly keys: readonly PublicKey[];
  readonly eventId: string;
  readonly gate: string;
}): string {
  const { manifest, keys, eventId, gate } = from;
  const head = JSON.stringify({
    iss: 'liventix',
    event: eventId,
    gate,
    issued_at: manifest.asOf.toISOString(),
    expires_at: new Date(manifest.asOf.getTime() + believedForMs).toISOString(),
    opens_at: manifest.opensAt.toISOString(),
    closes_at: manifest.closesAt.toISOString(),
    allows_reentry: manifest.allowsReentry,
    cursor: manifest.cursor,
    is_full: manifest.isFull,
    keys: keys.map(({ kid, publicKey }) => ({
      kid,
      x: Buffer.from(publicKey).toString('base64url'),
    })),
  });
  return `${head.slice(0, -1)},"exceptions":${manifest.exceptions}}`;
}

function segment(text: string): string {
  return Buffer.from(text).toString('base64url');
}
