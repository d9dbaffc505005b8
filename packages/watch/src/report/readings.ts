/** Labels that what we count has. */
interface Labels {
  readonly provider?: string | number;
  readonly outcome?: string | number;
  readonly code?: string | number;
  readonly constraint?: string | number;
  readonly route?: string | number;
  readonly status?: string | number;
  readonly sweep?: string | number;
  readonly queue?: string | number;
  readonly currency?: string | number;
  readonly le?: string | number;
}

/** A metric as prom-client gives it. */
export interface Reading {
  readonly name: string;
  readonly values?: readonly {
    readonly value: number;
    readonly labels: Labels;
    readonly metricName?: string;
  }[];
}

/** What an objective calls late: docs/slo.md. */
const lateAfterS = 10;

/** What a process has counted since it began, by the names that the rules know. */
export function countsOf(
  service: string,
  metrics: readonly Reading[],
): Readonly<Record<string, number>> {
  const sum = (name: string, wanted: (labels: Labels) => boolean = () => true, series = name) =>
    (metrics.find((metric) => metric.name === name)?.values ?? [])
      .filter(({ metricName }) => metricName === undefined || metricName === series)
      .filter(({ labels }) => wanted(labels))
      .reduce((all, { value }) => all + value, 0);
  const calls = (provider: string, outcome: RegExp) =>
    sum(
      'provider_call_duration_seconds',
      (labels) => labels.provider === provider && outcome.test(String(labels.outcome)),
      'provider_call_duration_seconds_count',
    );
  const problems = (code: string) => sum('http_problems_total', (labels) => labels.code === code);
  const settled = sum('payment_to_ticket_seconds', () => true, 'payment_to_ticket_seconds_count');
  const inTime = sum(
    'payment_to_ticket_seconds',
    ({ le }) => Number(le) === lateAfterS,
    'payment_to_ticket_seconds_bucket',
  );
  const counts: Record<string, number> = {
    'webhook.refused': problems('webhook.signature_invalid'),
    'webhook.too_old': problems('webhook.too_old'),
    'guard.oversold': sum('constraint_refusals_total', (labels) =>
      /never_oversold$/.test(String(labels.constraint)),
    ),
    'stripe.calls': calls('stripe', /./),
    'stripe.failures': calls('stripe', /^(?:failed|no_answer)$/),
    'resend.calls': calls('resend', /./),
    'resend.failures': calls('resend', /^(?:failed|no_answer)$/),
    'settle.orders': settled,
    'settle.late': settled - inTime,
  };
  if (service === 'checkout') {
    const requests = (status: RegExp) =>
      sum(
        'http_request_duration_seconds',
        (labels) => /^\/v1\//.test(String(labels.route)) && status.test(String(labels.status)),
        'http_request_duration_seconds_count',
      );
    counts['checkout.requests'] = requests(/./);
    counts['checkout.failures'] = requests(/^5/);
  }
  return counts;
}

export interface SweepReading {
  readonly sweep: string;
  readonly everySeconds: number;
  readonly ageSeconds: number;
}

/** What a process tells of itself with a heartbeat. Moments are told as ages: no two clocks are the same. */
export interface Facts {
  readonly sweeps?: readonly SweepReading[];
  readonly books?: {
    readonly ageSeconds: number;
    readonly rulesUnknown: number;
    readonly unexplainedCents: number;
  };
  readonly queues?: {
    readonly ageSeconds: number;
    readonly oldestSeconds: Readonly<Record<string, number>>;
  };
}

/** When repeatable jobs of this process last ended, what its last audit found, and how long jobs wait. */
export function factsOf(metrics: readonly Reading[], nowMs: number): Facts {
  const valuesOf = (name: string) => metrics.find((metric) => metric.name === name)?.values ?? [];
  const ageOf = (seconds: number) => Math.max(0, nowMs / 1_000 - seconds);
  const by = (name: string, label: 'sweep' | 'queue') =>
    new Map(valuesOf(name).map(({ labels, value }) => [String(labels[label]), value]));
  const intervals = by('sweep_interval_seconds', 'sweep');
  const sweeps = [...by('sweep_ended_seconds', 'sweep')].map(([sweep, endedSeconds]) => ({
    sweep,
    everySeconds: intervals.get(sweep) ?? 0,
    ageSeconds: ageOf(endedSeconds),
  }));
  const auditedSeconds = valuesOf('books_audited_seconds').at(0)?.value ?? 0;
  const readSeconds = valuesOf('signals_read_seconds').at(0)?.value ?? 0;
  return {
    ...(sweeps.length > 0 && { sweeps }),
    ...(auditedSeconds > 0 && {
      books: {
        ageSeconds: ageOf(auditedSeconds),
        rulesUnknown: valuesOf('books_rules')
          .filter(({ labels }) => labels.outcome === 'unknown')
          .reduce((all, { value }) => all + value, 0),
        unexplainedCents: valuesOf('unexplained_cents').reduce(
          (all, { value }) => all + Math.abs(value),
          0,
        ),
      },
    }),
    ...(readSeconds > 0 && {
      queues: {
        ageSeconds: ageOf(readSeconds),
        oldestSeconds: Object.fromEntries(by('queue_oldest_waiting_seconds', 'queue')),
      },
    }),
  };
}
