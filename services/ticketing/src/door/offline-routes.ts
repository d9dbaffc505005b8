import {
  manifestQuery,
  manifestView,
  type SyncBody,
  type SyncView,
  syncBody,
  syncView,
} from '@liventix/contracts/api/door';
import { scanWords } from '@liventix/domain/door';
import type { Device } from '@liventix/domain/door/device-repository';
import { isConflict } from '@liventix/domain/door/manifest';
import type { HttpApp } from '@liventix/shared/http';
import { requestHash } from '@liventix/shared/http/idempotency-key';
import { operation } from '@liventix/shared/http/operation';
import type { Deps } from '#deps';
import { isImpossible } from '#door/clock';
import { refused } from '#door/door-routes';
import { makeManifest } from '#door/make-manifest';

const door = { tag: 'Door', access: 'device_key' } as const;
const keyProblems = ['device.key_missing', 'device.key_invalid'];

const manifest = operation({
  ...door,
  summary: 'What a device needs to decide without a network',
  description:
    'A compact JWS (EdDSA) signed by a key of the event, all there is to know or what has changed since a cursor. Ask every minute; show its age, and do not rely on it after `expires_at`.',
  querystring: manifestQuery,
  answers: { 200: manifestView },
  problems: keyProblems,
});
const sync = operation({
  ...door,
  summary: 'Tell of scans that were decided without a network',
  description:
    'Each is kept as it happened and compared with what other devices let in: who came in twice is a `conflict`, and a person is told. Sent again they are the same scans.',
  body: syncBody,
  answers: { 200: syncView },
  problems: [...keyProblems, 'check_in.time_impossible'],
});

/** Two hundred scans with the longest codes. */
const syncBytesMax = 200 * 1_400;

export function offlineRoutes(app: HttpApp, deps: Deps): void {
  app.get('/v1/door/manifest', manifest, async (request) => {
    const device = await deps.devices.of(request);
    return { manifest: await makeManifest(deps, device, request.query.since) };
  });

  app.post('/v1/check-ins/sync', { ...sync, bodyLimit: syncBytesMax }, async (request) => {
    const device = await deps.devices.of(request);
    const { scans } = request.body;
    refuseImpossibleTimes(scans);
    return { scans: await Promise.all(scans.map((scan) => tell(deps, device, scan))) };
  });
}

/** A festival's devices may come back to a network weeks later. */
const toldWithinDays = 30;

function refuseImpossibleTimes(scans: SyncBody['scans']): void {
  const impossible = scans.filter(({ scanned_at: at }) =>
    isImpossible(at, { agoDays: toldWithinDays }),
  );
  if (impossible.length > 0) {
    throw refused(
      'check_in.time_impossible',
      `The clock of this device is days off: ${impossible.length} of its scans cannot be. Nothing was kept.`,
      { nonces: impossible.map(({ nonce }) => nonce) },
    );
  }
}

/** Through the same desk as a scan with a network: the first to come wins its ticket. */
async function tell(
  deps: Pick<Deps, 'doorDesk'>,
  device: Device,
  scan: SyncBody['scans'][number],
): Promise<SyncView['scans'][number]> {
  const { outcome: decidedOffline, ...body } = scan;
  const hash = requestHash({ device: device.id, ...scan });
  const told = { device, body, requestHash: hash, decidedOffline };
  const answer = await deps.doorDesk.submit(device.eventId, told);
  if (answer.kind === 'nonce_reused') {
    const message = 'This nonce came with another scan, which was kept. Use a new one.';
    const problem = 'check_in.nonce_reused';
    return { nonce: body.nonce, outcome: null, message, conflict: false, before: null, problem };
  }
  const { outcome } = answer.checkIn;
  const before = answer.isGenuine ? answer.ticket?.last : undefined;
  return {
    nonce: body.nonce,
    outcome,
    message: scanWords[outcome],
    conflict: isConflict(decidedOffline, outcome),
    before: before ? { gate: before.gate, at: before.at.toISOString() } : null,
    problem: null,
  };
}
