import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { archiveCommandFor } from '@liventix/dev/archiving';
import { validate } from 'dockerfile-utils';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';

const root = join(import.meta.dirname, '..', '..');
const dockerfile = readFileSync(join(root, 'infra', 'docker', 'Dockerfile'), 'utf8');

const composeSchema = z.object({
  services: z.record(
    z.string(),
    z.looseObject({
      environment: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
      build: z
        .looseObject({ args: z.object({ PACKAGE: z.string(), FOLDER: z.string() }) })
        .optional(),
      restart: z.string().optional(),
      command: z.array(z.string()).optional(),
      container_name: z.undefined().optional(),
      ports: z.array(z.string()).optional(),
    }),
  ),
});

const compose = composeSchema.parse(
  parse(readFileSync(join(root, 'infra', 'compose.yaml'), 'utf8'), { merge: true }),
);
const services = readdirSync(join(root, 'services'));

const configModule = z.object({
  schema: z.custom<z.ZodObject>((value) => value instanceof z.ZodObject),
  loadConfig: z.custom<(env: NodeJS.ProcessEnv) => unknown>((value) => typeof value === 'function'),
});

/** What the compose file gives a process, with ${VARIABLES} filled in as a person would. */
function environmentOf(name: string): Record<string, string> {
  const samples: Record<string, string> = {
    POSTGRES_PASSWORD: 'a-password',
    TOKEN_SECRETS: 'k1:a-secret-of-at-least-thirty-two-characters',
    MASTER_KEYS: 'm1:a-master-key-of-at-least-thirty-two-characters',
    PUBLIC_URL: 'https://tickets.your-house.org',
    STRIPE_SECRET_KEY: 'sk_live_0123456789',
    STRIPE_WEBHOOK_SECRETS: 'whsec_0123456789abcdef',
    RESEND_API_KEY: 're_0123456789',
    MAIL_FROM: 'tickets@your-house.org',
  };
  return Object.fromEntries(
    Object.entries(compose.services[name]?.environment ?? {}).flatMap(([key, value]) => {
      const filled = String(value).replaceAll(
        /\$\{(\w+)(?::[-?]([^}]*))?\}/g,
        (_all, variable: string, otherwise: string) =>
          samples[variable] ?? (String(value).includes(':?') ? '' : (otherwise ?? '')),
      );
      return filled === '' ? [] : [[key, filled]];
    }),
  );
}

describe('the Dockerfile', () => {
  test('has no fault a linter finds', () => {
    expect(validate(dockerfile).map(({ message }) => message)).toEqual([]);
  });

  test('runs as an ordinary user, and Node itself gets the signals', () => {
    expect(dockerfile).toMatch(/^USER node$/m);
    expect(dockerfile).toMatch(/^CMD \["node", /m);
  });

  test('uses the versions that the repository uses', () => {
    const manifest = z
      .object({ packageManager: z.string() })
      .parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')));
    expect(dockerfile).toContain(manifest.packageManager);
    const workspace = readFileSync(join(root, 'pnpm-workspace.yaml'), 'utf8');
    const turbo = /^ {2}turbo: (\S+)$/m.exec(workspace)?.[1];
    expect(dockerfile).toContain(`turbo@${turbo}`);
    const script = readFileSync(join(root, 'liventix'), 'utf8');
    const node = /^node_version=(\S+)$/m.exec(script)?.[1];
    expect(dockerfile).toContain(`NODE_VERSION=${node}`);
  });
});

describe('the compose file', () => {
  test('has every service, each built from its own folder', () => {
    for (const service of services) {
      const args = compose.services[service]?.build?.args;
      expect(args, service).toEqual({ PACKAGE: service, FOLDER: `services/${service}` });
    }
  });

  test('lets workers be scaled: no names and no host ports of their own', () => {
    const called = new Set(['checkout', 'webhook-ingest', 'ops']);
    for (const service of services.filter((name) => !called.has(name))) {
      expect(compose.services[service]?.ports, service).toBeUndefined();
    }
  });

  test('starts Redis as queues need it', () => {
    const { redis } = compose.services;
    expect(redis?.command?.join(' ')).toMatch(
      /--appendonly yes --maxmemory-policy noeviction --maxmemory \$\{REDIS_MAXMEMORY:-\d+mb\}$/,
    );
  });

  test('archives WAL where its backups look for it, by the command that they would set', () => {
    const { postgres, backup } = compose.services;
    const settings = new Map(
      (postgres?.command ?? [])
        .filter((word) => word.startsWith('-c'))
        .map((word) => {
          const [name = '', ...value] = word.slice(2).split('=');
          return [name, value.join('=').trim()] as const;
        }),
    );
    const { BACKUP_FOLDER: folder } = backup?.environment ?? {};
    expect(settings.get('archive_mode')).toBe('on');
    expect(settings.get('archive_command')).toBe(archiveCommandFor(`${folder}/wal`));
  });

  test.each(services)(
    '%s is given what its configuration asks for, and nothing else',
    async (name) => {
      const file = pathToFileURL(join(root, 'services', name, 'src', 'config.ts')).href;
      const { schema, loadConfig } = configModule.parse(await import(file));
      const environment = environmentOf(name);
      expect(() => loadConfig(environment)).not.toThrow();
      const known = new Set([...Object.keys(schema.shape), 'OTEL_EXPORTER_OTLP_ENDPOINT']);
      const given = Object.keys(compose.services[name]?.environment ?? {});
      expect(given.filter((key) => !known.has(key))).toEqual([]);
    },
  );
});
