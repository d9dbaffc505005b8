import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createApiKey, ensureOrganization } from '@liventix/domain/access/repository';
import { migrateDatabase } from '@liventix/migrations/migrate';
import { connectDatabase } from '@liventix/shared/db';
import { waitFor } from '@liventix/shared/testing/wait';
import { inheritedEnvironment, readEnvironment } from '#config';
import { findPostgres } from '#postgres/binaries';
import { initPostgres, postgresProgram, postgresUrl, readyPostgres } from '#postgres/postgres';
import { findRedis } from '#redis/binaries';
import { readyRedis, redisProgram, redisUrl } from '#redis/redis';
import { freePort } from '#supervisor/free-port';
import { Supervisor } from '#supervisor/supervisor';
import { checkoutId, root, stateDir } from './places.ts';
import { readSecrets, type Secrets, writeSecrets } from './secrets.ts';
import {
  balancerName,
  balancerPrograms,
  balancersOf,
  instancesOf,
  type Scale,
  type ServiceName,
  type StackPlan,
  serviceNames,
  servicePrograms,
  serviceUrl,
  simulated,
  simulatorPrograms,
  urlOf,
} from './services.ts';

export interface StackOptions {
  /** Data and secrets of this stack. */
  readonly folder: string;
  readonly logs: string;
  readonly say: (line: string) => void;
  readonly recordPids: (pids: Readonly<Record<string, number>>) => void;
  readonly services?: readonly ServiceName[];
  readonly scale?: Scale;
  readonly overrides?: Readonly<Record<string, string>>;
  /** False leaves out what could trace the services: a benchmark weighs it. */
  readonly preload?: boolean;
  /** A database and a Redis that run already, in place of the environment's or our own. */
  readonly databaseUrl?: string;
  readonly redisUrl?: string;
  readonly fsync?: boolean;
  readonly signal?: AbortSignal;
}

export interface StackInfo {
  readonly urls: {
    readonly checkout: string;
    readonly webhook_ingest: string;
    readonly door: string;
    readonly ops: string;
    readonly stripe: string;
    readonly resend: string;
  };
  /** Where each program listens: every instance of a service, for its `/metrics`. */
  readonly addresses: Readonly<Record<string, string>>;
  readonly databaseUrl: string;
  readonly redisUrl: string;
  readonly adminApiKey: string;
  readonly webhookSecrets: readonly string[];
  readonly resendWebhookSecret: string;
  /** The keys that services use: the simulators', or the real ones. */
  readonly stripeSecretKey: string;
  readonly resendApiKey: string;
}

export interface Stack extends StackInfo, AsyncDisposable {
  readonly supervisor: Supervisor;
  /** Waits until a program of this stack answers again. */
  ready(name: string): Promise<void>;
}

const databaseName = 'liventix';

/** Starts everything, in order, and returns when all of it answers. */
export async function startStack(options: StackOptions): Promise<Stack> {
  mkdirSync(options.folder, { recursive: true });
  chmodSync(options.folder, 0o755);
  const { logs } = options;
  const supervisor: Supervisor = new Supervisor({
    onChange: () => options.recordPids(supervisor.pids()),
    say: options.say,
  });
  try {
    const backing = await startBackingPrograms(options, supervisor, logs);
    options.say('Applying migrations');
    await migrateDatabase(backing.databaseUrl);
    const secrets = readSecrets(options.folder);
    const adminApiKey = await ensureAdminKey(options.folder, secrets, backing.databaseUrl);
    const names = options.services ?? serviceNames;
    const instances = instancesOf(names, options.scale ?? {});
    const ports = await pickPorts([
      ...instances.map(({ name }) => name),
      ...balancersOf(options.scale ?? {}).map(balancerName),
      'stripe',
      'resend',
    ]);
    const plan: StackPlan = {
      folder: options.folder,
      logs,
      ...backing,
      secrets,
      ports,
      overrides: options.overrides ?? {},
      preload: options.preload ?? true,
    };
    options.say('Starting simulators and services');
    const programs = [
      ...simulatorPrograms(plan),
      ...servicePrograms(plan, instances),
      ...balancerPrograms(plan, instances),
    ];
    for (const program of programs) {
      supervisor.start(program);
    }
    await Promise.all(programs.map(async ({ name }) => await ready(ports, name, logs)));
    return assemble({ options, supervisor, plan, adminApiKey });
  } catch (error) {
    await stopInOrder(supervisor);
    throw error;
  }
}

function assemble(parts: {
  readonly options: StackOptions;
  readonly supervisor: Supervisor;
  readonly plan: StackPlan;
  readonly adminApiKey: string;
}): Stack {
  const { supervisor, plan } = parts;
  const { ports } = plan;
  const real = readEnvironment();
  const wanted = simulated();
  return {
    urls: {
      checkout: serviceUrl(ports, 'checkout'),
      webhook_ingest: serviceUrl(ports, 'webhook-ingest'),
      door: serviceUrl(ports, 'ticketing'),
      ops: serviceUrl(ports, 'ops'),
      stripe: wanted.stripe ? urlOf(ports, 'stripe') : 'https://api.stripe.com',
      resend: wanted.resend ? urlOf(ports, 'resend') : 'https://api.resend.com',
    },
    addresses: Object.fromEntries(Object.keys(ports).map((name) => [name, urlOf(ports, name)])),
    databaseUrl: plan.databaseUrl,
    redisUrl: plan.redisUrl,
    adminApiKey: parts.adminApiKey,
    stripeSecretKey: real.STRIPE_SECRET_KEY ?? plan.secrets.stripeSecretKey,
    resendApiKey: real.RESEND_API_KEY ?? plan.secrets.resendApiKey,
    webhookSecrets: (real.STRIPE_WEBHOOK_SECRETS ?? plan.secrets.stripeWebhookSecret).split(','),
    resendWebhookSecret: real.RESEND_WEBHOOK_SECRETS ?? plan.secrets.resendWebhookSecret,
    supervisor,
    ready: async (name) => await ready(ports, name, plan.logs),
    [Symbol.asyncDispose]: async () => await stopInOrder(supervisor),
  };
}

async function startBackingPrograms(
  options: StackOptions,
  supervisor: Supervisor,
  logs: string,
): Promise<{ databaseUrl: string; redisUrl: string }> {
  const environment = readEnvironment();
  const databaseUrl = options.databaseUrl ?? environment.DATABASE_URL;
  const redis = options.redisUrl ?? environment.REDIS_URL;
  const [ownDatabase, ownRedis] = await Promise.all([
    databaseUrl === undefined ? startPostgres(options, supervisor, logs) : databaseUrl,
    redis === undefined ? startRedis(options, supervisor, logs) : redis,
  ]);
  return { databaseUrl: ownDatabase, redisUrl: ownRedis };
}

async function startPostgres(
  options: StackOptions,
  supervisor: Supervisor,
  logs: string,
): Promise<string> {
  options.say('Starting Postgres');
  const home = await findPostgres({ stateDir: options.folder, checkoutId });
  if (home.notice !== undefined) {
    options.say(home.notice);
  }
  const slot = options.folder.slice(root.length).replaceAll('/', '_');
  const dataDir =
    home.dataRoot === options.folder
      ? join(options.folder, 'postgres')
      : join(home.dataRoot, `data${slot}`);
  const port = await freePort();
  const program = {
    home,
    dataDir,
    port,
    logFile: join(logs, 'postgres.log'),
    fsync: options.fsync ?? true,
  };
  initPostgres(program);
  supervisor.start(postgresProgram(program));
  await readyPostgres(port, databaseName);
  return postgresUrl(port, databaseName);
}

async function startRedis(
  options: StackOptions,
  supervisor: Supervisor,
  logs: string,
): Promise<string> {
  options.say('Starting Redis');
  const { PATH: path = '' } = inheritedEnvironment();
  const server = findRedis({ stateDir, path, say: options.say });
  const port = await freePort();
  const dataDir = join(options.folder, 'redis');
  const logFile = join(logs, 'redis.log');
  supervisor.start(redisProgram({ server, dataDir, port, logFile }));
  await readyRedis(port, logFile);
  return redisUrl(port);
}

async function pickPorts(names: readonly string[]): Promise<StackPlan['ports']> {
  const ports: Record<string, number> = {};
  for (const name of names) {
    ports[name] = await freePort();
  }
  return ports;
}

/** The key is kept in the slot, since the database keeps only its hash. */
async function ensureAdminKey(
  folder: string,
  secrets: Secrets,
  databaseUrl: string,
): Promise<string> {
  if (secrets.adminApiKey !== undefined && readEnvironment().DATABASE_URL === undefined) {
    return secrets.adminApiKey;
  }
  await using db = connectDatabase({ url: databaseUrl, poolMax: 1 });
  const { organizationId } = await ensureOrganization(db.pool, {
    slug: 'demo',
    name: 'Demo organization',
  });
  const { key } = await createApiKey(db.pool, {
    organizationId,
    name: 'Local stack',
    role: 'owner',
  });
  writeSecrets(folder, { ...secrets, adminApiKey: key });
  return key;
}

async function ready(ports: StackPlan['ports'], name: string, logs: string): Promise<void> {
  if (ports[name] === undefined) {
    return;
  }
  const path = name === 'stripe' || name === 'resend' ? '/_simulator/health' : '/health/ready';
  await waitFor(
    async () => {
      const response = await fetch(`${urlOf(ports, name)}${path}`, {
        signal: AbortSignal.timeout(2_000),
      }).catch(() => undefined);
      return response?.ok === true;
    },
    {
      what: `${name} on port ${ports[name]}; its log is ${join(logs, `${name}.log`)}`,
      timeoutMs: 90_000,
    },
  );
}

/** Services first, then what they stand on: seven seconds at the most. */
async function stopInOrder(supervisor: Supervisor): Promise<void> {
  const backing = ['postgres', 'redis'];
  const others = supervisor.names().filter((name) => !backing.includes(name));
  await supervisor.stopAll(others, 4_800);
  await supervisor.stopAll(['redis'], 1_500);
  await supervisor.stopAll(['postgres'], 2_500);
}
