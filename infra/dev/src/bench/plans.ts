import type { StackOptions } from '#stack/stack';

/** What one of a benchmark's stacks has otherwise. */
export type BenchStack = Partial<
  Pick<StackOptions, 'overrides' | 'scale' | 'services' | 'preload'>
>;

/** The limits of providers and of our own doors, lifted: they are not what is measured. */
const unlimited = {
  STRIPE_SESSIONS_PER_SECOND: '10000',
  SESSION_RATE_LIMIT_PER_S: '0',
  RATE_LIMIT_PER_S: '0',
  RATE_LIMIT_PER_MINUTE: '0',
  HELD_SEATS_PER_CLIENT: '0',
  STREAMS_MAX: '0',
  STREAMS_PER_ADDRESS_MAX: '0',
};

/** Benchmarks that need something else than one stack of one of each. */
const special: Readonly<Record<string, (collector: string) => Record<string, BenchStack>>> = {
  workers: () => ({ ours: { scale: { ticketing: 3 }, overrides: { WORKER_CONCURRENCY: '4' } } }),
  // Its own audits are those that it counts.
  verify: () => ({ ours: { overrides: { AUDIT_INTERVAL_MS: '3600000' } } }),
  refunds: () => ({ ours: { overrides: { REFUNDS_PER_SECOND: '0' } } }),
  growth: () => ({ small: {}, large: {} }),
  tracing: (collector) => ({
    without: { preload: false },
    off: {},
    sampled: {
      overrides: {
        OTEL_EXPORTER_OTLP_ENDPOINT: collector,
        OTEL_TRACES_SAMPLER: 'parentbased_traceidratio',
        OTEL_TRACES_SAMPLER_ARG: '0.1',
      },
    },
  }),
};

/** The stacks of a benchmark, by the names it knows them by. */
export function benchStacks(name: string, collectorPort: number): Record<string, BenchStack> {
  const stacks = special[name]?.(`http://127.0.0.1:${collectorPort}`) ?? { ours: {} };
  return Object.fromEntries(
    Object.entries(stacks).map(([called, stack]) => [
      called,
      { ...stack, overrides: { ...unlimited, ...stack.overrides } },
    ]),
  );
}
