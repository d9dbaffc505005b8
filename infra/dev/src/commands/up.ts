import { parseScale } from '#stack/scale';
import type { Stack } from '#stack/stack';
import { runStack } from './running.ts';
import { print, untilStopped } from './terminal.ts';

/** Starts everything and stays. With --json, one line on stdout says when and where. */
export async function up(options: {
  readonly json?: boolean;
  readonly scale?: string;
}): Promise<void> {
  const scale = parseScale(options.scale ?? '');
  const running = await runStack('up', { scale });
  if (options.json === true) {
    print(JSON.stringify(describe(running.stack)));
  } else {
    print(addresses(running.stack));
  }
  await untilStopped(running);
}

export function describe(stack: Stack) {
  return {
    ready: true,
    urls: stack.urls,
    addresses: stack.addresses,
    database_url: stack.databaseUrl,
    redis_url: stack.redisUrl,
    admin_api_key: stack.adminApiKey,
    stripe_webhook_secrets: stack.webhookSecrets,
    pids: stack.supervisor.pids(),
  };
}

export function addresses(stack: Stack): string {
  const { urls } = stack;
  return [
    '',
    `  Checkout API     ${urls.checkout}/v1/events`,
    `  Console          ${urls.ops}/   (log in: ./liventix admin create --email you@your-house.org)`,
    `  Inbox            ${urls.resend}`,
    `  Simulated Stripe ${urls.stripe}`,
    `  Webhooks go to   ${urls.webhook_ingest}/webhooks/stripe`,
    `  Admin API key    ${stack.adminApiKey}`,
    `  Postgres         ${stack.databaseUrl}`,
    `  Redis            ${stack.redisUrl}`,
    '',
  ].join('\n');
}
