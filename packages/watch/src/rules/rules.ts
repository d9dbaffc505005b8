import type { Finding } from '@liventix/domain/alerts';
import type { Signals } from '#signals/read-signals';
import { backupRules } from './backup-rules.ts';
import { burnRules } from './burn-rules.ts';
import { moneyRules } from './money-rules.ts';
import { providerRules } from './provider-rules.ts';
import { redisRules } from './redis-rules.ts';
import { type Rule, runbookOf } from './rule.ts';
import { workRules } from './work-rules.ts';

/** Every rule of the watch that is built in. infra/prometheus/alerts.yaml says the same to Prometheus. */
export const rules: readonly Rule[] = [
  ...workRules,
  ...redisRules,
  ...providerRules,
  ...moneyRules,
  ...burnRules,
  ...backupRules,
];

export { runbookOf };

/** What is wrong now. */
export function findAll(signals: Signals): Finding[] {
  return rules.flatMap(({ name, severity, forS = 0, find }) =>
    find(signals).map(({ of, summary }) => ({
      key: of === undefined ? name : `${name}/${of}`,
      name,
      severity,
      summary,
      runbook: runbookOf(name),
      forS,
    })),
  );
}
