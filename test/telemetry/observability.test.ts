import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { root } from '#support/alerts';

function load<Schema extends z.ZodType>(schema: Schema, ...path: string[]): z.output<Schema> {
  const text = readFileSync(join(root, 'infra', ...path), 'utf8');
  return schema.parse(parse(text, { merge: true }));
}

const service = z.looseObject({
  image: z.string().optional(),
  profiles: z.array(z.string()).optional(),
  command: z.array(z.string()).optional(),
  ports: z.array(z.string()).optional(),
  volumes: z.array(z.string()).default([]),
  environment: z.record(z.string(), z.unknown()).default({}),
});
const compose = load(z.object({ services: z.record(z.string(), service) }), 'compose.yaml');

const otlp = z.object({ protocols: z.object({ http: z.object({ endpoint: z.string() }) }) });
const collector = load(
  z.object({
    receivers: z.object({ otlp, filelog: z.object({ include: z.array(z.string()) }) }),
    processors: z.record(z.string(), z.unknown()),
    exporters: z.record(z.string(), z.object({ endpoint: z.url() })),
    service: z.object({
      pipelines: z.record(
        z.string(),
        z.object({
          receivers: z.array(z.string()),
          processors: z.array(z.string()),
          exporters: z.array(z.string()),
        }),
      ),
    }),
  }),
  'otel',
  'collector.yaml',
);
const tempo = load(
  z.object({
    server: z.object({ http_listen_port: z.int() }),
    distributor: z.object({ receivers: z.object({ otlp }) }),
    storage: z.object({
      trace: z.object({
        local: z.object({ path: z.string() }),
        wal: z.object({ path: z.string() }),
      }),
    }),
    compactor: z.object({ compaction: z.object({ block_retention: z.string() }) }),
  }),
  'tempo',
  'tempo.yaml',
);
const prometheus = load(
  z.object({
    rule_files: z.array(z.string()),
    scrape_configs: z.array(
      z.object({
        dns_sd_configs: z.array(z.object({ names: z.array(z.string()), port: z.int() })),
      }),
    ),
  }),
  'prometheus',
  'prometheus.yaml',
);
const { datasources } = load(
  z.object({
    datasources: z.array(z.looseObject({ uid: z.string(), type: z.string(), url: z.url() })),
  }),
  'grafana',
  'provisioning',
  'datasources',
  'liventix.yaml',
);

/** Where each of them listens: what its configuration says, or what it does without one. */
const lokiPort = 3_100;
const prometheusPort = 9_090;
const portOf = (endpoint: string) => Number(endpoint.split(':').at(-1));
const listening: Readonly<Record<string, readonly number[]>> = {
  collector: [portOf(collector.receivers.otlp.protocols.http.endpoint)],
  tempo: [
    tempo.server.http_listen_port,
    portOf(tempo.distributor.receivers.otlp.protocols.http.endpoint),
  ],
  loki: [lokiPort],
  prometheus: [prometheusPort],
};

const observers = Object.entries(compose.services).filter(([, { profiles }]) =>
  profiles?.includes('observe'),
);

test('whatever asks or sends reaches a service of compose, at a port on which it listens', () => {
  const asked = [
    ...Object.values(collector.exporters).map(({ endpoint }) => endpoint),
    ...datasources.map(({ url }) => url),
    /OTEL_EXPORTER_OTLP_ENDPOINT=(\S+)/.exec(
      readFileSync(join(root, 'infra', 'compose.yaml'), 'utf8'),
    )?.[1] ?? '',
  ];
  const names = new Set(observers.map(([name]) => name));
  for (const address of asked) {
    const { hostname, port } = new URL(address.replace(/;$/, ''));
    expect(names, address).toContain(hostname);
    expect(listening[hostname], address).toContain(Number(port));
  }
});

test('every pipeline of the collector is made of parts that it has', () => {
  const { pipelines } = collector.service;
  expect(Object.keys(pipelines).toSorted()).toEqual(['logs', 'traces']);
  for (const { receivers, processors, exporters } of Object.values(pipelines)) {
    expect(Object.keys(collector.receivers)).toEqual(expect.arrayContaining(receivers));
    expect(Object.keys(collector.processors)).toEqual(expect.arrayContaining(processors));
    expect(Object.keys(collector.exporters)).toEqual(expect.arrayContaining(exporters));
    expect(processors[0]).toBe('memory_limiter');
  }
});

test('what a configuration reads or keeps lies in a volume of its service', () => {
  const targets = (name: string) =>
    (compose.services[name]?.volumes ?? []).map((volume) => volume.split(':')[1] ?? '');
  const lies = (path: string, name: string) =>
    targets(name).some((target) => path === target || path.startsWith(`${target}/`));
  const { local, wal } = tempo.storage.trace;
  const read = [
    ...[local.path, wal.path].map((path) => [path, 'tempo'] as const),
    ...collector.receivers.filelog.include.map((path) => [path, 'collector'] as const),
    ...observers.flatMap(([name, { command = [] }]) =>
      command
        .filter((argument) => /config(\.file)?=/.test(argument))
        .map((argument) => [argument.split('=')[1] ?? '', name] as const),
    ),
  ];
  expect(read.length).toBeGreaterThan(5);
  expect(read.filter(([path, name]) => !lies(path, name))).toEqual([]);
});

test('every service of ours is scraped at the port on which its image listens', () => {
  const built = Object.entries(compose.services)
    .filter(([, { environment }]) => 'REDIS_URL' in environment)
    .map(([name]) => name);
  const dockerfile = readFileSync(join(root, 'infra', 'docker', 'Dockerfile'), 'utf8');
  const [scraped] = prometheus.scrape_configs.flatMap(({ dns_sd_configs }) => dns_sd_configs);
  expect(scraped?.names.toSorted()).toEqual(built.toSorted());
  expect(scraped?.port).toBe(Number(/ PORT=(\d+)/.exec(dockerfile)?.[1]));
  expect(prometheus.rule_files).toEqual(['alerts.yaml']);
});

test('every service of ours is given where traces and errors go', () => {
  for (const [name, { environment }] of Object.entries(compose.services)) {
    if ('REDIS_URL' in environment) {
      for (const variable of ['OTEL_EXPORTER_OTLP_ENDPOINT', 'SENTRY_DSN', 'SENTRY_RELEASE']) {
        expect(environment[variable], name).toBe(`\${${variable}:-}`);
      }
    }
  }
  const { ops } = compose.services;
  const { TRACE_URL: given } = ops?.environment ?? {};
  expect(given).toBe(`\${TRACE_URL:-}`);
});

test('the address for traces that the example gives asks Grafana for one of Tempo', () => {
  const { grafana } = compose.services;
  const example = readFileSync(join(root, '.env.example'), 'utf8');
  const found = /^# TRACE_URL=(\S+)$/m.exec(example)?.[1] ?? '';
  const url = new URL(found.replace('{trace}', 'a0b1'));
  expect(grafana?.ports).toEqual([`127.0.0.1:\${GRAFANA_PORT:-${url.port}}:3000`]);
  const panes = JSON.parse(url.searchParams.get('panes') ?? '');
  const [pane] = Object.values(panes);
  expect(pane).toMatchObject({ datasource: 'tempo', queries: [{ query: 'a0b1' }] });
  expect(datasources.find(({ uid }) => uid === 'tempo')?.type).toBe('tempo');
});
