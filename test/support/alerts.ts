import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { z } from 'zod';

export const root = fileURLToPath(new URL('../..', import.meta.url));

const alert = z.strictObject({
  alert: z.string(),
  expr: z.string(),
  for: z.string().optional(),
  labels: z.strictObject({ severity: z.enum(['page', 'ticket']) }),
  annotations: z.strictObject({ summary: z.string(), runbook: z.string() }),
});
/** The rules for Prometheus that we bring. */
export function loadAlerts(): z.output<typeof alert>[] {
  const file = readFileSync(join(root, 'infra', 'prometheus', 'alerts.yaml'), 'utf8');
  const { groups } = z
    .object({ groups: z.array(z.object({ rules: z.array(alert) })) })
    .parse(parse(file));
  return groups.flatMap(({ rules }) => rules);
}

const alertTests = z.object({
  tests: z.array(
    z.object({
      alert_rule_test: z.array(
        z.object({ alertname: z.string(), exp_alerts: z.array(z.unknown()).default([]) }),
      ),
    }),
  ),
});

/** What promtool is told to expect of each alert: that it fires, or that it does not. */
export function loadAlertTests(): { readonly alertname: string; readonly fires: boolean }[] {
  const file = readFileSync(join(root, 'infra', 'prometheus', 'alerts.test.yaml'), 'utf8');
  return alertTests
    .parse(parse(file))
    .tests.flatMap((one) => one.alert_rule_test)
    .map(({ alertname, exp_alerts: expected }) => ({ alertname, fires: expected.length > 0 }));
}

const dashboard = z.object({
  uid: z.string(),
  title: z.string(),
  panels: z.array(
    z.object({ title: z.string(), targets: z.array(z.object({ expr: z.string() })).min(1) }),
  ),
});

/** The dashboards for Grafana that we bring. */
export function loadDashboards(): z.output<typeof dashboard>[] {
  const folder = join(root, 'infra', 'grafana', 'dashboards');
  return readdirSync(folder).map((file) =>
    dashboard.parse(JSON.parse(readFileSync(join(folder, file), 'utf8'))),
  );
}

/** Everything that alerts and dashboards ask Prometheus for. */
export function wantedMetrics(): ReadonlySet<string> {
  const panels = loadDashboards().flatMap((one) => one.panels);
  const asked = [...loadAlerts(), ...panels.flatMap(({ targets }) => targets)];
  return new Set(asked.flatMap(({ expr }) => metricsOf(expr)));
}

/** Of a histogram, what Prometheus adds to its name. */
const added = /_(count|sum|bucket)$/;

/** Names before a selector, a bracket or the end of their term, other than functions and words of PromQL. */
export function metricsOf(expr: string): string[] {
  const bare = expr.replaceAll(/\{[^}]*\}|\[[^\]]*\]|by \([^)]*\)/g, '');
  const names = bare.matchAll(/\b[a-z_][a-z0-9_]*_[a-z0-9_]+\b(?!\s*\()/g);
  return [...new Set([...names].map(([name]) => name.replace(added, '')))];
}
