import { context, ROOT_CONTEXT } from '@opentelemetry/api';
import {
  createEnvelope,
  createTransport,
  type EventEnvelope,
  getEnvelopeEndpointWithUrlEncodedAuth,
  makeDsn,
  type TransportMakeRequestResponse,
} from '@sentry/core';
import type { ErrorEvent } from './error-event.ts';

export interface Sentry {
  /** False when it was not taken, because too many are under way or Sentry asked us to wait. */
  send(event: ErrorEvent): Promise<boolean>;
  flush(withinMs: number): Promise<void>;
}

/** How long Sentry may take to answer one report. */
const answerMs = 5_000;
/** Reports under way at once; what comes beyond them is dropped. */
const underWayMax = 20;

/**
 * The way to Sentry: its transport alone, which keeps to the pauses that Sentry asks for. Its client
 * would add what it finds in the process; what we send is our event and nothing else.
 */
export function openSentry(dsn: string): Sentry {
  const parts = makeDsn(dsn);
  if (parts === undefined) {
    throw new Error('SENTRY_DSN is no address of a project at Sentry');
  }
  const url = getEnvelopeEndpointWithUrlEncodedAuth(parts);
  const transport = createTransport(
    { bufferSize: underWayMax, recordDroppedEvent: () => undefined },
    async ({ body }) => await post(url, body),
  );
  return {
    send: async (event) => {
      const envelope = createEnvelope<EventEnvelope>(
        { event_id: event.event_id, sent_at: new Date().toISOString() },
        [[{ type: 'event' }, { ...event, sdk }]],
      );
      const { statusCode } = await transport.send(envelope);
      return statusCode !== undefined && statusCode < 300;
    },
    flush: async (withinMs) => void (await transport.flush(withinMs)),
  };
}

/** Sentry would otherwise note the address that a report comes from as its user's. */
const sdk = { name: 'liventix', settings: { infer_ip: 'never' as const } };

/** Outside of any trace: a report is no part of what it reports. */
async function post(url: string, body: string | Uint8Array): Promise<TransportMakeRequestResponse> {
  const answer = await context.with(
    ROOT_CONTEXT,
    async () =>
      await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/x-sentry-envelope' },
        body: Buffer.from(body),
        redirect: 'error',
        signal: AbortSignal.timeout(answerMs),
      }),
  );
  await answer.body?.cancel();
  return {
    statusCode: answer.status,
    headers: {
      'x-sentry-rate-limits': answer.headers.get('x-sentry-rate-limits'),
      'retry-after': answer.headers.get('retry-after'),
    },
  };
}
