import { createPublicKey, type KeyObject, randomUUID, verify } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { type CheckInView, checkInBody, checkInView } from '@liventix/contracts/api/door';
import { problems } from '@liventix/contracts/problems';
import { readCode, signedBytes } from '@liventix/domain/credentials';
import { connectDatabase } from '@liventix/shared/db';
import { buildHttpApp, type HttpApp } from '@liventix/shared/http';
import { bearerOf } from '@liventix/shared/http/bearer';
import { operation } from '@liventix/shared/http/operation';
import { createLogger } from '@liventix/shared/telemetry/logger';
import { loadDoorRival } from '../config.ts';

/*
 * What the door is measured against, in the same Fastify with the same validation. Both verify the
 * signature of the code; `naive` then takes the ticket with one UPDATE a request, `bare` answers without
 * a database. Neither keeps what was scanned, where and by whom.
 */

const config = loadDoorRival();
const scan = operation({
  summary: 'Scan a code',
  tag: 'Door',
  access: 'device_key',
  body: checkInBody,
  answers: { 200: checkInView },
});
const key: KeyObject = createPublicKey({
  key: { kty: 'OKP', crv: 'Ed25519', x: config.PUBLIC_KEY },
  format: 'jwk',
});
const db = connectDatabase({ url: config.DATABASE_URL, poolMax: 16 });
const app = await buildHttpApp({
  name: 'rival',
  log: createLogger({ name: 'rival', level: 'error' }),
  problems,
});
scanRoute(app);
await app.listen({ host: '127.0.0.1', port: 0 });
process.stdout.write(`${(app.server.address() as AddressInfo).port}\n`);
process.once('SIGTERM', () => process.exit());

function scanRoute(to: HttpApp): void {
  to.post('/v1/check-ins', scan, async (request) => {
    if (bearerOf(request) === undefined) {
      throw new Error('the bench sends a key');
    }
    const claim = readCode(request.body.code ?? '');
    if (claim === undefined || !verify(null, signedBytes(claim), key, claim.signature)) {
      return viewOf('forged', claim?.ticketId);
    }
    if (config.RIVAL === 'bare') {
      return viewOf('admitted', claim.ticketId);
    }
    const { rowCount } = await db.pool.raw(
      `update tickets set admitted_at = clock_timestamp()
        where id = :ticketId and event_id = :eventId and status = 'valid'
          and credential_version = :version and admitted_at is null`,
      { ticketId: claim.ticketId, eventId: claim.eventId, version: claim.version },
    );
    return viewOf(rowCount === 1 ? 'admitted' : 'already_in', claim.ticketId);
  });
}

function viewOf(outcome: CheckInView['outcome'], ticketId: string = randomUUID()): CheckInView {
  return {
    id: randomUUID(),
    outcome,
    message: 'Come in.',
    at: new Date().toISOString(),
    ticket: { id: ticketId, serial: '000001', tier: 'Floor', holder_name: 'Ada Lovelace' },
    before: null,
  };
}
