/** Labels that what we count has. */
interface Labels {
  readonly provider?: string | number;
  readonly outcome?: string | number;
  readonly code?: string | number;
  readonly constraint?: string | number;
  readonly route?: string | number;
  readonly status?: string | number;
  readonly sweep?: string | number;
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
  readonly endedSeconds: number;
}

/** When each repeatable job of this process last ended, in seconds since 1970, and how often it is due. */
export function sweepsOf(metrics: readonly Reading[]): SweepReading[] {
  const values = (name: string) =>
    new Map(
      (metrics.find((metric) => metric.name === name)?.values ?? []).map(({ labels, value }) => [
        String(labels.sweep),
        value,
      ]),
    );
  const intervals = values('sweep_interval_seconds');
  return [...values('sweep_ended_seconds')].map(([sweep, endedSeconds]) => ({
    sweep,
    endedSeconds,
    everySeconds: intervals.get(sweep) ?? 0,
  }));
}
