import type { FastifyInstance } from 'fastify';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** Everything this process counts. */
export const registry = new Registry();

const requestSeconds = new Histogram({
  name: 'http_request_duration_seconds',
  help: 'Time from a request to its answer, by service, route and status.',
  labelNames: ['service', 'method', 'route', 'status'],
  buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
  registers: [registry],
});

const jobSeconds = new Histogram({
  name: 'job_duration_seconds',
  help: 'Time a run of a job took, by name and outcome.',
  labelNames: ['job', 'outcome'],
  buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
  registers: [registry],
});

const providerSeconds = new Histogram({
  name: 'provider_call_duration_seconds',
  help: 'Time of a call to a provider, by what came of it: ok, refused, limited, failed, no_answer.',
  labelNames: ['provider', 'outcome'],
  buckets: [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
  registers: [registry],
});

const problems = new Counter({
  name: 'http_problems_total',
  help: 'Refusals and faults that were answered, by code.',
  labelNames: ['code'],
  registers: [registry],
});

const refusedRows = new Counter({
  name: 'constraint_refusals_total',
  help: 'Rows that a CHECK of the database refused: guards that should never be needed.',
  labelNames: ['constraint'],
  registers: [registry],
});

const reports = new Counter({
  name: 'error_reports_total',
  help: 'Errors for Sentry by what came of the report: sent, lost, held_back.',
  labelNames: ['outcome'],
  registers: [registry],
});

const reportOutcomes = ['sent', 'lost', 'held_back'] as const;
export type ReportOutcome = (typeof reportOutcomes)[number];

// A series that begins at one never increases: whoever is to hear of the first needs a zero before it.
for (const outcome of reportOutcomes) {
  reports.inc({ outcome }, 0);
}

/** Counts one error that Sentry was to be told of. */
export function observeReport(outcome: ReportOutcome): void {
  reports.inc({ outcome });
}

/** Shows these codes from the start, each with none. */
export function countProblemsFromZero(codes: readonly string[]): void {
  for (const code of codes) {
    problems.inc({ code }, 0);
  }
}

/** Counts one problem document. */
export function observeProblem(code: string): void {
  problems.inc({ code });
}

/** Shows these constraints from the start, each with none. */
export function countRefusedRowsFromZero(constraints: readonly string[]): void {
  for (const constraint of constraints) {
    refusedRows.inc({ constraint }, 0);
  }
}

/** Counts one row that a CHECK refused. */
export function observeRefusedRow(constraint: string): void {
  refusedRows.inc({ constraint });
}

type Provider = 'stripe' | 'resend';
const callOutcomes = ['ok', 'refused', 'limited', 'failed', 'no_answer'] as const;

/** Shows a provider that will be called from the start, with none of each outcome. */
export function countCallsFromZero(provider: Provider): void {
  for (const outcome of callOutcomes) {
    providerSeconds.zero({ provider, outcome });
  }
}

/** Counts one call to a provider. No status is no answer: nobody knows what came of it there. */
export function observeProviderCall(
  provider: Provider,
  call: { readonly status: number | undefined; readonly startedMs: number },
): void {
  const seconds = (performance.now() - call.startedMs) / 1_000;
  providerSeconds.observe({ provider, outcome: outcomeOf(call.status) }, seconds);
}

function outcomeOf(status: number | undefined): (typeof callOutcomes)[number] {
  if (status === undefined) {
    return 'no_answer';
  }
  if (status < 400) {
    return 'ok';
  }
  if (status === 429) {
    return 'limited';
  }
  return status < 500 ? 'refused' : 'failed';
}

const jobAttempts = new Histogram({
  name: 'job_attempts',
  help: 'At which of its attempts a job ended, by name and by how: done, dead.',
  labelNames: ['job', 'outcome'],
  buckets: [1, 2, 3, 5, 8, 12],
  registers: [registry],
});

/** Counts one job that will not be tried again, by the attempt that was its last. */
export function observeJobEnd(job: string, outcome: 'done' | 'dead', attempt: number): void {
  jobAttempts.observe({ job, outcome }, attempt);
}

export type JobOutcome = 'done' | 'waiting' | 'failed';

/** Counts one run of a job. */
export function observeJob(job: string, outcome: JobOutcome, startedMs: number): void {
  jobSeconds.observe({ job, outcome }, (performance.now() - startedMs) / 1_000);
}

/** A value of this process that /metrics shows. One for each name: make it where its module loads. */
export function createGauge<Label extends string>(options: {
  readonly name: string;
  readonly help: string;
  readonly labelNames: readonly Label[];
}): Gauge<Label> {
  const { name, help, labelNames } = options;
  return new Gauge({ name, help, labelNames: [...labelNames], registers: [registry] });
}

/** A value that is read when somebody asks for it. */
export function createReadGauge<Label extends string>(options: {
  readonly name: string;
  readonly help: string;
  readonly labelNames: readonly Label[];
  readonly read: () => Iterable<readonly [Readonly<Record<Label, string>>, number]>;
}): void {
  const { name, help, labelNames, read } = options;
  const gauge: Gauge<Label> = new Gauge({
    name,
    help,
    labelNames: [...labelNames],
    registers: [registry],
    collect: () => {
      gauge.reset();
      for (const [labels, value] of read()) {
        gauge.set(labels, value);
      }
    },
  });
}

/** Seconds that something of this process took. One for each name, as of gauges. */
export function createSeconds<Label extends string = never>(options: {
  readonly name: string;
  readonly help: string;
  readonly buckets: readonly number[];
  readonly labelNames?: readonly Label[];
}): Histogram<Label> {
  const { name, help, buckets, labelNames = [] } = options;
  return new Histogram({
    name,
    help,
    buckets: [...buckets],
    labelNames: [...labelNames],
    registers: [registry],
  });
}

/** What this process has done so often, by label, each value of the label shown from zero. */
export function createCounter<Label extends string>(options: {
  readonly name: string;
  readonly help: string;
  readonly label: Label;
  readonly values: readonly string[];
}): Counter<Label> {
  const { name, help, label, values } = options;
  const counter: Counter<Label> = new Counter({
    name,
    help,
    labelNames: [label],
    registers: [registry],
  });
  for (const value of values) {
    counter.inc({ [label]: value } as Record<Label, string>, 0);
  }
  return counter;
}

/** Rate, errors and duration of every route, and the process itself, at /metrics. */
export function registerMetrics(app: FastifyInstance, service: string): void {
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'unknown';
    const labels = { service, method: request.method, route, status: reply.statusCode };
    requestSeconds.observe(labels, reply.elapsedTime / 1_000);
  });
  app.get(
    '/metrics',
    { schema: { hide: true } as object, config: { access: 'monitoring' } },
    async (_request, reply) =>
      await reply.type(registry.contentType).send(await registry.metrics()),
  );
}

/** Event loop, memory and file handles; once a process, for the registry is the process'. */
export function observeProcess(): void {
  collectDefaultMetrics({ register: registry });
}
