import { createPublicKey, randomUUID, verify } from 'node:crypto';
import { manifestPayload } from '@liventix/contracts/api/door';
import { readCode, signedBytes } from '@liventix/domain/credentials';
import { decideOffline, type Exception, type OfflineDoor } from '@liventix/domain/door/manifest';
import { compactVerify, importJWK } from 'jose';
import type { z } from 'zod';
import type { Device } from './door.ts';
import { type Answer, http, type SoldEvent, type World } from './world.ts';

type Payload = z.output<typeof manifestPayload>;

interface KeptScan {
  readonly code: string;
  readonly nonce: string;
  readonly direction: 'in' | 'out';
  readonly scanned_at: string;
  readonly outcome: string;
}

/** A device that has a manifest and no network: it trusts the event's published keys alone. */
export class OfflineDevice {
  readonly kept: KeptScan[] = [];
  readonly #world: World;
  readonly #event: SoldEvent;
  readonly #device: Device;
  readonly #exceptions = new Map<string, Exception>();
  readonly #seen = new Map<string, 'in' | 'out'>();
  #manifest: Payload | undefined;

  constructor(world: World, event: SoldEvent, device: Device) {
    this.#world = world;
    this.#event = event;
    this.#device = device;
  }

  /** Asks for the manifest, or for what has changed since the last one. */
  async refresh(): Promise<Payload> {
    const since = this.#manifest === undefined ? '' : `?since=${this.#manifest.cursor}`;
    const { door } = this.#world.stack.urls;
    const { body } = await http(`${door}/v1/door/manifest${since}`, { token: this.#device.key });
    const payload = await this.#verified(body.manifest);
    if (payload.is_full) {
      this.#exceptions.clear();
    }
    for (const [ticketId, version, state] of payload.exceptions) {
      this.#exceptions.set(ticketId, { version, state });
    }
    this.#seen.clear();
    this.#manifest = payload;
    return payload;
  }

  /** Decides a code without a network, and keeps what it decided. */
  scan(code: string, direction: 'in' | 'out' = 'in', at = new Date()): string {
    const claim = readCode(code);
    const outcome = decideOffline(
      { claim, isSigned: this.#isSigned(code), direction, at, seen: this.#seen },
      this.#door(),
    );
    if (claim !== undefined && (outcome === 'admitted' || outcome === 'left')) {
      this.#seen.set(claim.ticketId, direction);
    }
    const scanned = { code, nonce: randomUUID(), direction, scanned_at: at.toISOString(), outcome };
    this.kept.push(scanned);
    return outcome;
  }

  /** Tells what was decided; what was told is kept, so that it can be told again. */
  async sync(scans: readonly object[] = this.kept): Promise<Answer> {
    return await http(`${this.#world.stack.urls.door}/v1/check-ins/sync`, {
      token: this.#device.key,
      body: { scans },
    });
  }

  async #verified(jws: string): Promise<Payload> {
    const { checkout } = this.#world.stack.urls;
    const { body } = await http(`${checkout}/v1/events/${this.#event.slug}/keys`);
    const { payload } = await compactVerify(jws, async ({ kid }) => {
      const found = body.keys.find((key: { kid: number }) => String(key.kid) === kid);
      return await importJWK({ kty: 'OKP', crv: 'Ed25519', x: found.public_key }, 'EdDSA');
    });
    return manifestPayload.parse(JSON.parse(new TextDecoder().decode(payload)));
  }

  #isSigned(code: string): boolean {
    const credential = readCode(code);
    const key = this.#manifest?.keys.find(({ kid }) => kid === credential?.kid);
    if (credential === undefined || key === undefined) {
      return false;
    }
    const jwk = { kty: 'OKP', crv: 'Ed25519', x: key.x };
    const publicKey = createPublicKey({ key: jwk, format: 'jwk' });
    return verify(null, signedBytes(credential), publicKey, credential.signature);
  }

  #door(): OfflineDoor {
    const manifest = this.#manifest;
    if (manifest === undefined) {
      throw new Error('a device without a manifest decides nothing');
    }
    return {
      eventId: manifest.event,
      opensAt: new Date(manifest.opens_at),
      closesAt: new Date(manifest.closes_at),
      expiresAt: new Date(manifest.expires_at),
      allowsReentry: manifest.allows_reentry,
      exceptions: this.#exceptions,
    };
  }
}
