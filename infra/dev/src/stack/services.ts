import { join } from 'node:path';
import { inheritedEnvironment, readEnvironment } from '#config';
import type { ProgramSpec } from '#supervisor/program';
import { root, stateDir } from './places.ts';
import type { Secrets } from './secrets.ts';

export const serviceNames = [
  'checkout',
  'webhook-ingest',
  'ticketing',
  'refunds',
  'notifications',
  'inventory-sweeper',
  'ops',
] as const;
export type ServiceName = (typeof serviceNames)[number];

/**
 * A small young generation: thirty megabytes less at rest, and no difference in what is sold. Only
 * those that keep hundreds of requests waiting at once would copy them into the old one.
 */
const semiSpaceMb: Readonly<Partial<Record<ServiceName, number>>> = {
  checkout: 16,
  'webhook-ingest': 16,
  ticketing: 16,
};

/** How many of each service run; one of those that are not named. */
export type Scale = Readonly<Partial<Record<ServiceName, number>>>;

/** One process of a service. The first is called like the service, the others are numbered. */
export interface Instance {
  readonly name: string;
  readonly service: ServiceName;
}

export function instancesOf(services: readonly ServiceName[], scale: Scale): Instance[] {
  return services.flatMap((service) =>
    Array.from({ length: scale[service] ?? 1 }, (_, index) => ({
      name: index === 0 ? service : `${service}-${index + 1}`,
      service,
    })),
  );
}

/** Several instances that people or providers call share one address. */
const called: readonly ServiceName[] = ['checkout', 'webhook-ingest', 'ops'];

export function balancersOf(scale: Scale): ServiceName[] {
  return called.filter((service) => (scale[service] ?? 1) > 1);
}

export function balancerName(service: ServiceName): string {
  return `${service}-balancer`;
}

export interface StackPlan {
  readonly folder: string;
  readonly logs: string;
  readonly databaseUrl: string;
  readonly redisUrl: string;
  readonly secrets: Secrets;
  /** By program. */
  readonly ports: Readonly<Record<string, number>>;
  /** Settings a test or a benchmark wants otherwise. */
  readonly overrides: Readonly<Record<string, string>>;
  /** Whether services load what could trace them. */
  readonly preload: boolean;
}

/** Where a program listens. */
export function urlOf(ports: StackPlan['ports'], name: string): string {
  const port = ports[name];
  if (port === undefined) {
    throw new Error(`nothing called ${name} has a port`);
  }
  return `http://127.0.0.1:${port}`;
}

/** Where a service is called: its one instance, or the balancer before several. */
export function serviceUrl(ports: StackPlan['ports'], service: ServiceName): string {
  const balancer = balancerName(service);
  return urlOf(ports, ports[balancer] === undefined ? service : balancer);
}

/** Which providers are doubled: those for which the environment holds no key of the real one. */
export function simulated(): { readonly stripe: boolean; readonly resend: boolean } {
  const { STRIPE_SECRET_KEY, RESEND_API_KEY } = readEnvironment();
  return { stripe: STRIPE_SECRET_KEY === undefined, resend: RESEND_API_KEY === undefined };
}

export function servicePrograms(plan: StackPlan, instances: readonly Instance[]): ProgramSpec[] {
  return instances.map(({ name, service }) => ({
    name,
    command: process.execPath,
    args: [
      `--max-semi-space-size=${semiSpaceMb[service] ?? 4}`,
      ...(plan.preload ? ['--import', '@liventix/shared/telemetry/register'] : []),
      'src/main.ts',
    ],
    cwd: join(root, 'services', service),
    env: { ...inheritedEnvironment(), ...serviceEnvironment(plan, name) },
    logFile: join(plan.logs, `${name}.log`),
    stopSignal: 'SIGTERM',
    hasChannel: true,
  }));
}

/** One address for several instances, taken in turn. */
export function balancerPrograms(plan: StackPlan, instances: readonly Instance[]): ProgramSpec[] {
  const services = new Set(instances.map(({ service }) => service));
  return [...services]
    .filter((service) => plan.ports[balancerName(service)] !== undefined)
    .map((service) => {
      const upstreams = instances
        .filter((instance) => instance.service === service)
        .map((instance) => urlOf(plan.ports, instance.name));
      const name = balancerName(service);
      return {
        name,
        command: process.execPath,
        args: ['src/balancer/main.ts'],
        cwd: join(root, 'infra', 'dev'),
        env: {
          ...inheritedEnvironment(),
          PORT: String(plan.ports[name]),
          UPSTREAMS: upstreams.join(','),
        },
        logFile: join(plan.logs, `${name}.log`),
        stopSignal: 'SIGTERM' as const,
        hasChannel: true,
      };
    });
}

function serviceEnvironment(plan: StackPlan, name: string): Record<string, string> {
  const { secrets, ports } = plan;
  const real = readEnvironment();
  const { stripe, resend } = simulated();
  const checkoutUrl = serviceUrl(ports, 'checkout');
  return {
    PORT: String(ports[name]),
    HOST: '127.0.0.1',
    DATABASE_URL: plan.databaseUrl,
    REDIS_URL: plan.redisUrl,
    // Each service starts twice as fast from compiled code.
    NODE_COMPILE_CACHE: join(stateDir, 'compile-cache'),
    STRIPE_SECRET_KEY: real.STRIPE_SECRET_KEY ?? secrets.stripeSecretKey,
    ...(stripe && { STRIPE_API_URL: urlOf(ports, 'stripe') }),
    STRIPE_WEBHOOK_SECRETS: real.STRIPE_WEBHOOK_SECRETS ?? secrets.stripeWebhookSecret,
    RESEND_API_KEY: real.RESEND_API_KEY ?? secrets.resendApiKey,
    ...(resend && { RESEND_API_URL: urlOf(ports, 'resend') }),
    RESEND_WEBHOOK_SECRETS: real.RESEND_WEBHOOK_SECRETS ?? secrets.resendWebhookSecret,
    MAIL_FROM: real.MAIL_FROM ?? 'Liventix <tickets@liventix.dev>',
    TOKEN_SECRETS: secrets.tokenSecrets,
    MASTER_KEYS: secrets.masterKeys,
    PUBLIC_URL: checkoutUrl,
    ALLOWED_RETURN_ORIGINS: 'http://localhost:3000',
    ...plan.overrides,
  };
}

export function simulatorPrograms(plan: StackPlan): ProgramSpec[] {
  const { secrets, ports } = plan;
  const webhook = {
    url: `${serviceUrl(ports, 'webhook-ingest')}/webhooks/stripe`,
    secret: secrets.stripeWebhookSecret,
  };
  const environments = {
    stripe: {
      STRIPE_SECRET_KEY: secrets.stripeSecretKey,
      WEBHOOK_TARGETS: JSON.stringify([webhook]),
    },
    resend: {
      RESEND_API_KEY: secrets.resendApiKey,
      RESEND_WEBHOOK_URL: `${serviceUrl(ports, 'webhook-ingest')}/webhooks/resend`,
      RESEND_WEBHOOK_SECRET: secrets.resendWebhookSecret,
    },
  };
  const wanted = simulated();
  return (['stripe', 'resend'] as const)
    .filter((name) => wanted[name])
    .map((name) => ({
      name,
      command: process.execPath,
      args: [`src/${name}/main.ts`],
      cwd: join(root, 'infra', 'simulators'),
      env: {
        ...inheritedEnvironment(),
        ...environments[name],
        PORT: String(ports[name]),
        HOST: '127.0.0.1',
        NODE_COMPILE_CACHE: join(stateDir, 'compile-cache'),
        ...plan.overrides,
      },
      logFile: join(plan.logs, `${name}.log`),
      stopSignal: 'SIGTERM',
      hasChannel: true,
    }));
}
