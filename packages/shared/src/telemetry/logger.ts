import { isSpanContextValid, type SpanContext, trace } from '@opentelemetry/api';
import { type Logger, pino } from 'pino';
import { reportError } from './error-reports.ts';

export type Log = Logger;

/** Whatever could name or reach a person, or open a door, is cut out by its key. */
const redacted = [
  'authorization',
  'cookie',
  'email',
  'buyer',
  'buyerName',
  'buyerEmail',
  'holderName',
  'recipient',
  'payload',
  'body',
  'html',
  'token',
  'secret',
  'stripe-signature',
  // What Postgres says beside its message repeats the row that it refused.
  'detail',
  'where',
  'internalQuery',
];

/**
 * One JSON object a line on stdout. Log ids, never names, addresses, tokens or bodies. An error that is
 * logged as one is somebody's to act on, so it is reported too.
 */
export function createLogger(options: { readonly name: string; readonly level: string }): Log {
  return pino({
    name: options.name,
    level: options.level,
    redact: {
      paths: redacted.flatMap((key) => [`["${key}"]`, `*["${key}"]`, `*.*["${key}"]`]),
      censor: '[redacted]',
    },
    mixin: traceOf,
    hooks: {
      logMethod(args, method, level) {
        report(args, level);
        method.apply(this, args);
      },
    },
    formatters: { level: (label) => ({ level: label }) },
    timestamp: pino.stdTimeFunctions.isoTime,
  });
}

/** Levels of pino, whose numbers its documentation fixes. */
const errorLevel = 50;
const fatalLevel = 60;

function report([fields, said]: readonly unknown[], level: number): void {
  if (level < errorLevel || typeof fields !== 'object' || fields === null || !('err' in fields)) {
    return;
  }
  const { err: error, ...rest } = fields;
  if (error instanceof Error) {
    reportError({
      error,
      level: level < fatalLevel ? 'error' : 'fatal',
      said: typeof said === 'string' ? said : '',
      fields: rest,
      trace: currentContext(),
    });
  }
}

/** Which trace a line belongs to, where there is one. */
function traceOf(): Readonly<Record<string, string>> {
  const context = currentContext();
  return context === undefined ? {} : { trace_id: context.traceId, span_id: context.spanId };
}

function currentContext(): SpanContext | undefined {
  const context = trace.getActiveSpan()?.spanContext();
  return context === undefined || !isSpanContextValid(context) ? undefined : context;
}
