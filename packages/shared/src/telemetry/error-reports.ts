import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { describeError, groupOf, type LoggedError, type Teller } from './error-event.ts';
import { observeReport } from './metrics.ts';
import type { Sentry } from './sentry.ts';

/** Where errors are told. Without an address nothing is told, nor loaded. */
export interface ErrorReportsConfig {
  readonly SENTRY_DSN?: string | undefined;
  readonly SENTRY_ENVIRONMENT: string;
  readonly SENTRY_RELEASE?: string | undefined;
}

/** Of one group in a minute and process: an outage of the database fails every request alike. */
const sameMax = 10;
const minuteMs = 60_000;
/** Groups counted at once; beyond them counting begins anew. */
const groupsMax = 1_000;

interface Reports {
  readonly sentry: Sentry;
  readonly teller: Teller;
}

let reports: Reports | undefined;
/** One error may pass several edges, each of which logs it. */
const told = new WeakSet<Error>();
let counts = new Map<string, number>();
let countedSinceMs = 0;

/** From now on, errors that the log tells of are told at Sentry. */
export async function startErrorReports(
  service: string,
  config: ErrorReportsConfig,
): Promise<void> {
  const { SENTRY_DSN: dsn, SENTRY_ENVIRONMENT: environment } = config;
  if (dsn === undefined) {
    return;
  }
  const { openSentry } = await import('./sentry.ts');
  const release = config.SENTRY_RELEASE ?? ownRelease();
  reports = { sentry: openSentry(dsn), teller: { service, release, environment } };
}

/** The version of all our packages: they are released together. */
function ownRelease(): string {
  const manifest = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return `liventix@${z.object({ version: z.string() }).parse(JSON.parse(manifest)).version}`;
}

/** Tells of an error once. Never throws, never waits, and says nothing into the log: that led here. */
export function reportError(found: LoggedError): void {
  if (reports === undefined || told.has(found.error)) {
    return;
  }
  const { sentry, teller } = reports;
  try {
    told.add(found.error);
    if (isOneTooMany(groupOf(found.error).group.join(' '))) {
      observeReport('held_back');
      return;
    }
    sentry.send(describeError(found, teller)).then(
      (isSent) => observeReport(isSent ? 'sent' : 'lost'),
      () => observeReport('lost'),
    );
  } catch {
    observeReport('lost');
  }
}

function isOneTooMany(group: string): boolean {
  const nowMs = performance.now();
  if (nowMs - countedSinceMs > minuteMs || counts.size > groupsMax) {
    counts = new Map();
    countedSinceMs = nowMs;
  }
  const count = (counts.get(group) ?? 0) + 1;
  counts.set(group, count);
  return count > sameMax;
}

/** Waits for reports that are under way, for a bounded time. */
export async function flushErrorReports(withinMs: number): Promise<void> {
  await reports?.sentry.flush(withinMs).catch(() => undefined);
}

/** True when there is somewhere to tell. */
export function tellsErrors(): boolean {
  return reports !== undefined;
}
