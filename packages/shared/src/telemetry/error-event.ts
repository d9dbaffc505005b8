import { constraintOf, sqlStateOf } from '#db/sqlstate';
import { AppError } from '#errors/errors';
import { type Frame, framesOf, impersonalMessage, topOf } from './impersonal-error.ts';

/** An error that the log told of, with what stood beside it. */
export interface LoggedError {
  readonly error: Error;
  readonly level: 'error' | 'fatal';
  /** What the log said. Ours, and the same each time. */
  readonly said: string;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly trace: { readonly traceId: string; readonly spanId: string } | undefined;
}

/** Which process it is that tells. */
export interface Teller {
  readonly service: string;
  readonly release: string;
  readonly environment: string;
}

/** All that ever leaves for Sentry: what this type does not name is not sent. */
export interface ErrorEvent {
  readonly event_id: string;
  readonly timestamp: number;
  readonly platform: 'node';
  readonly level: 'error' | 'fatal';
  readonly release: string;
  readonly environment: string;
  readonly fingerprint: string[];
  readonly tags: Record<string, string>;
  readonly contexts: {
    readonly trace?: { readonly trace_id: string; readonly span_id: string };
  };
  readonly exception: {
    readonly values: {
      readonly type: string;
      readonly value: string;
      readonly stacktrace: { readonly frames: Frame[] };
    }[];
  };
}

/** What every fault of an unforeseen kind is called at the edge: it tells nothing apart. */
const unforeseen = 'internal.error';
const causesMax = 5;

function* linksOf(error: Error): Generator<Error> {
  let link: unknown = error;
  for (let depth = 0; depth < causesMax && link instanceof Error; depth += 1) {
    yield link;
    link = link.cause;
  }
}

/**
 * By what an error is grouped: our own code, else the SQLSTATE with its constraint, else the name
 * with our innermost place.
 */
export function groupOf(error: Error): { readonly code: string; readonly group: string[] } {
  const links = [...linksOf(error)];
  const ours = links.find((link) => link instanceof AppError && link.code !== unforeseen);
  if (ours instanceof AppError) {
    return { code: ours.code, group: [ours.code] };
  }
  const state = sqlStateOf(error);
  if (state !== undefined) {
    const constraint = links.map(constraintOf).find((name) => name !== undefined);
    return { code: state, group: constraint === undefined ? [state] : [state, constraint] };
  }
  const { name } = links.at(-1) ?? error;
  const origin = links.findLast((link) => framesOf(link).some((frame) => frame.in_app)) ?? error;
  return { code: name, group: [name, topOf(framesOf(origin))] };
}

/** An event that says what broke, and nothing of whom it broke for. */
export function describeError(found: LoggedError, teller: Teller): ErrorEvent {
  const { error, trace } = found;
  const { code, group } = groupOf(error);
  return {
    event_id: crypto.randomUUID().replaceAll('-', ''),
    timestamp: Date.now() / 1_000,
    platform: 'node',
    level: found.level,
    release: teller.release,
    environment: teller.environment,
    fingerprint: group,
    tags: { ...idsOf(found.fields), service: teller.service, code, said: found.said },
    contexts: {
      ...(trace !== undefined && { trace: { trace_id: trace.traceId, span_id: trace.spanId } }),
    },
    exception: {
      values: [...linksOf(error)].reverse().map((link) => ({
        type: link instanceof AppError ? link.code : link.name,
        value: sayingOf(link),
        stacktrace: { frames: framesOf(link) },
      })),
    },
  };
}

/** Postgres quotes what it was given, so of its errors only the names of our own things are told. */
function sayingOf(error: Error): string {
  const state = 'code' in error && !(error instanceof AppError) ? sqlStateOf(error) : undefined;
  if (state === undefined) {
    return impersonalMessage(error.message);
  }
  return `Postgres refused a statement with ${state}, ${constraintOf(error) ?? 'no constraint'}`;
}

/** Ids of things and names of ours that stood beside the error. Of a person there is none. */
const idKey = /^(?:[a-z][A-Za-z]*Id|jobName|sweep|attempt|route|method)$/;
const idValue = /^[\w.:/*-]{1,100}$/;

function idsOf(fields: Readonly<Record<string, unknown>>): Record<string, string> {
  const told = Object.entries(fields)
    .filter(([key]) => idKey.test(key))
    .map(([key, value]) => [key, String(value)] as const)
    .filter(([, value]) => idValue.test(value));
  return Object.fromEntries(told);
}
