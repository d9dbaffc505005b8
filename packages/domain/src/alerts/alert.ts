/** Something that is wrong now. */
export interface Finding {
  /** The rule, and of what it was found: one alert for each. */
  readonly key: string;
  readonly name: string;
  /** `page` wakes somebody; `ticket` waits for the morning. */
  readonly severity: 'page' | 'ticket';
  /** What is wrong, of what, for how long. Ids and numbers, no person's data. */
  readonly summary: string;
  /** The section of the runbook that says what to do. */
  readonly runbook: string;
  /** How long it must last before anybody hears of it, in seconds. */
  readonly forS: number;
}

export interface OpenAlert {
  readonly id: string;
  readonly key: string;
  readonly state: 'pending' | 'firing';
  readonly badSince: Date;
  readonly badAt: Date;
}

type Seen<Alert> = Alert & { readonly finding: Finding };

export interface AlertChanges {
  readonly begun: readonly Finding[];
  readonly seen: readonly Seen<OpenAlert>[];
  readonly fired: readonly Seen<OpenAlert>[];
  readonly cleared: readonly OpenAlert[];
  /** Over before anybody heard of them. */
  readonly dropped: readonly OpenAlert[];
}

/**
 * What a look changes. An alert fires when it has lasted, and clears when it was not found for
 * `calmMs`: one that comes and goes between two looks is one alert.
 */
export function decideChanges(
  open: readonly OpenAlert[],
  findings: readonly Finding[],
  now: { readonly at: Date; readonly calmMs: number },
): AlertChanges {
  const time = now.at.getTime();
  const byKey = new Map(findings.map((finding) => [finding.key, finding]));
  const known = new Set(open.map(({ key }) => key));
  const found = open.flatMap((alert) => {
    const finding = byKey.get(alert.key);
    return finding === undefined ? [] : [{ ...alert, finding }];
  });
  const isDue = ({ state, badSince, finding }: Seen<OpenAlert>) =>
    state === 'pending' && time - badSince.getTime() >= finding.forS * 1_000;
  const over = open.filter(
    ({ key, badAt }) => !byKey.has(key) && time - badAt.getTime() >= now.calmMs,
  );
  return {
    begun: [...byKey.values()].filter(({ key }) => !known.has(key)),
    seen: found.filter((alert) => !isDue(alert)),
    fired: found.filter(isDue),
    cleared: over.filter(({ state }) => state === 'firing'),
    dropped: open.filter(({ state, key }) => state === 'pending' && !byKey.has(key)),
  };
}
