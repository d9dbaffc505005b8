import { createPublicKey, randomUUID, verify } from 'node:crypto';
import { codeOf, readCode, signedBytes } from '@liventix/domain/credentials';
import { listPublicKeys } from '@liventix/domain/credentials/key-repository';
import { decideOffline, type Exception } from '@liventix/domain/door/manifest';
import { z } from 'zod';
import { quantile } from './figures.ts';
import { type Hammered, hammer, postRequest, times } from './hammer.ts';
import { atRate, report, Shop, stackCalled } from './load.ts';
import { cpuDuring } from './processes.ts';
import { startRival } from './rivals.ts';
import { Rounds } from './rounds.ts';

/*
 * Sixty-four scanners before one event's doors, one scan in ten a second one of the same ticket: ours, a
 * route that verifies and takes the ticket with an UPDATE, and one that verifies alone. Then ours at half
 * of that, and what a device decides without a network.
 */

const scanners = 64;
const scansPerRound = 3_000;
const doubles = 0.1;
const rounds = 5;
const halfLoadSeconds = 4;

const shop = new Shop(stackCalled('ours'));
const { stack } = shop;
const event = await shop.makeEvent({ capacity: 200_000, opensIn: 1 });
const codes = await giveTickets(Math.ceil((rounds + 1) * 2 * scansPerRound + 20_000));
const [publicKey] = await listPublicKeys(shop.db.pool, event.id);
const x = Buffer.from(publicKey?.publicKey ?? []).toString('base64url');
const env = { DATABASE_URL: stack.database_url, PUBLIC_KEY: x };
const naive = await startRival('door-server.ts', { ...env, RIVAL: 'naive' });
const bare = await startRival('door-server.ts', { ...env, RIVAL: 'bare' });
const keys = await shop.addDevices(event, scanners);

/** As many signed tickets as asked, given away; their codes. */
async function giveTickets(count: number): Promise<string[]> {
  await shop.giveAway(event, count);
  const { rows } = await shop.db.pool.raw(
    `select id, credential_kid as kid, credential_version as version,
            credential_signature as signature
       from tickets where event_id = :id`,
    { id: event.id },
  );
  const row = z.object({
    id: z.uuid(),
    kid: z.int(),
    version: z.int(),
    signature: z.custom<Uint8Array>((value) => value instanceof Uint8Array),
  });
  return z
    .array(row)
    .parse(rows)
    .map(({ id, ...signed }) => codeOf({ ...signed, eventId: event.id, ticketId: id }));
}

/** Codes as they come to the gates: one in ten of them again, somewhere among the others. */
function shuffled(distinct: readonly string[], again: number): string[] {
  const all = [...distinct, ...distinct.slice(0, again)];
  for (let at = all.length - 1; at > 0; at -= 1) {
    const other = Math.floor(Math.random() * (at + 1));
    [all[at], all[other]] = [all[other] ?? '', all[at] ?? ''];
  }
  return all;
}

function requestsFor(scanned: readonly string[]): string[] {
  return scanned.map((code, at) =>
    postRequest('/v1/check-ins', JSON.stringify({ code, nonce: randomUUID() }), {
      authorization: `Bearer ${keys[at % keys.length]}`,
    }),
  );
}

interface Round {
  readonly perSecond: number;
  readonly p99Ms: number;
  readonly serverUs: number;
  readonly postgresUs: number;
}

async function run(
  target: { readonly url: string; readonly pid: number },
  takes: 'tickets' | 'none',
): Promise<Round> {
  const distinct = Math.round(scansPerRound * (1 - doubles));
  const chosen = takes === 'tickets' ? codes.splice(0, distinct) : codes.slice(0, distinct);
  const requests = requestsFor(shuffled(chosen, scansPerRound - distinct));
  shop.rest(others);
  const pids = { server: target.pid, postgres: shop.pidOf('postgres') };
  const { result, cpu } = await cpuDuring(pids, async () => {
    const next = times(scansPerRound, () => requests.pop() ?? '');
    return await hammer({ url: target.url, connections: scanners, next });
  });
  shop.wake(others);
  await checkRound(chosen, result, takes === 'tickets' ? distinct : 0);
  return {
    perSecond: result.perSecond,
    p99Ms: quantile(result.latenciesMs, 0.99),
    serverUs: (cpu.server * 1_000) / scansPerRound,
    postgresUs: (cpu.postgres * 1_000) / scansPerRound,
  };
}

/** What only takes processor time from the door while it is measured. */
const others = ['notifications', 'inventory-sweeper', 'ops', 'checkout', 'webhook-ingest'];

/** Every scan answered, every ticket taken once; otherwise the round is void. */
async function checkRound(
  chosen: readonly string[],
  result: Hammered,
  expected: number,
): Promise<void> {
  const ids = chosen.map((code) => readCode(code)?.ticketId ?? '');
  const { rows } = await shop.db.pool.raw(
    `select (select count(*) from tickets
              where id = any (:ids::uuid[]) and admitted_at is not null)::int as admitted,
            (select count(*) - count(distinct ticket_id) from check_ins
              where ticket_id = any (:ids::uuid[]) and outcome = 'admitted')::int as doubled`,
    { ids },
  );
  const { admitted, doubled } = z.object({ admitted: z.int(), doubled: z.int() }).parse(rows[0]);
  const isAnswered = result.statuses['200'] === scansPerRound && result.broken === 0;
  if (!isAnswered || admitted !== expected || doubled > 0) {
    const found = { admitted, doubled, expected, statuses: result.statuses };
    throw new Error(`void: ${JSON.stringify(found)}`);
  }
}

/** Scans at this rate, whether or not those before were answered: milliseconds each took. */
async function atHalfLoad(perSecond: number): Promise<readonly number[]> {
  const count = perSecond * halfLoadSeconds;
  const scanned = codes.splice(0, count);
  shop.rest(others);
  const latencies = await atRate({ perSecond, count: scanned.length }, async () => {
    const code = scanned.pop() ?? '';
    const startedAt = performance.now();
    const answer = await fetch(`${stack.urls.door}/v1/check-ins`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${keys[scanned.length % keys.length]}`,
      },
      body: JSON.stringify({ code, nonce: randomUUID() }),
    });
    await answer.arrayBuffer();
    return performance.now() - startedAt;
  });
  shop.wake(others);
  return latencies;
}

/** What a device takes to read, verify and decide one code, among a hundred thousand exceptions. */
function offline(): number[] {
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
  const refunded: Exception = { version: 1, state: 'refunded' };
  const exceptions = new Map(Array.from({ length: 100_000 }, () => [randomUUID(), refunded]));
  const [opensAt, closesAt] = [new Date(0), new Date(Date.now() + 3_600_000)];
  const hours = { opensAt, closesAt, expiresAt: closesAt };
  const door = { eventId: event.id, ...hours, allowsReentry: false, exceptions };
  const seen = new Map<string, 'in' | 'out'>();
  return codes.slice(0, 2_000).map((code) => {
    const startedAt = performance.now();
    const claim = readCode(code);
    const isSigned = claim !== undefined && verify(null, signedBytes(claim), key, claim.signature);
    const at = new Date();
    const outcome = decideOffline({ claim, isSigned, direction: 'in', at, seen }, door);
    if (outcome !== 'admitted') {
      throw new Error(`void: a good code came to ${outcome}`);
    }
    return performance.now() - startedAt;
  });
}

const measured = await Rounds.interleave(
  {
    ours: async () => await run({ url: stack.urls.door, pid: shop.pidOf('ticketing') }, 'tickets'),
    naive: async () => await run(naive, 'tickets'),
    bare: async () => await run(bare, 'none'),
  },
  rounds,
);
const scansPerSecond = measured.each((round) => round.perSecond, 0);
const half = Math.round(scansPerSecond.ours.median / 2);
const halfMs = await atHalfLoad(half);
const decisions = offline();
report({
  settings: await shop.settings(),
  scans_per_s: scansPerSecond,
  p99_ms: measured.each((round) => round.p99Ms),
  server_cpu_us: measured.each((round) => round.serverUs, 0),
  postgres_cpu_us: measured.each((round) => round.postgresUs, 0),
  ours_to_naive: measured.ratio('ours', 'naive', (round) => round.perSecond),
  ours_to_bare: measured.ratio('ours', 'bare', (round) => round.perSecond),
  half_load: { per_s: half, p50_ms: quantile(halfMs, 0.5), p99_ms: quantile(halfMs, 0.99) },
  offline_decision: {
    p50_ms: Number(quantile(decisions, 0.5).toFixed(3)),
    p99_ms: Number(quantile(decisions, 0.99).toFixed(3)),
  },
});
naive.stop();
bare.stop();
await shop.db[Symbol.asyncDispose]();
