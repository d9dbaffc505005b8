import { settlingTypes } from '@liventix/domain/inbox';
import { connectStripe } from '@liventix/shared/stripe';
import Stripe from 'stripe';
import { type Finding, failed, ok, reasonOf, skipped, warning } from './finding.ts';
import type { Patient } from './patient.ts';
import { clock } from './postgres.ts';

/** The version the SDK speaks; events must be rendered in it. */
const spokenVersion = Stripe.API_VERSION;

/** Stripe: the key, our webhook endpoint with its events and version, and the clock. */
export async function checkStripe(patient: Patient): Promise<Finding[]> {
  const { STRIPE_SECRET_KEY: secretKey, STRIPE_API_URL: apiUrl } = patient;
  if (secretKey === undefined) {
    const found = 'STRIPE_SECRET_KEY is not set: paid checkout is closed, free orders go on.';
    return [warning('Stripe key', found, 'Set the secret key of your account.')];
  }
  const stripe = connectStripe({ secretKey, apiUrl, timeoutMs: 10_000, retries: 1 });
  try {
    const endpoints = await stripe.webhookEndpoints.list({ limit: 100 });
    const date = new Headers(endpoints.lastResponse.headers).get('date');
    return [
      key(secretKey, apiUrl),
      ...endpointFindings(endpoints.data, patient),
      ...(date === null
        ? []
        : [clock('clock against Stripe', new Date(date).getTime() - Date.now())]),
    ];
  } catch (error) {
    return [refusal(error)];
  }
}

function key(secretKey: string, apiUrl: string | undefined): Finding {
  if (apiUrl !== undefined) {
    const found = `STRIPE_API_URL leads to ${apiUrl}, not to Stripe.`;
    return warning('Stripe key', found, 'Unset STRIPE_API_URL before going live.');
  }
  return secretKey.includes('_live_')
    ? ok('Stripe key', 'Accepted, in live mode.')
    : warning('Stripe key', 'Accepted, in test mode: no real money moves.', 'Use the live key.');
}

function refusal(error: unknown): Finding {
  const isRefused = error instanceof Stripe.errors.StripeAuthenticationError;
  const isForbidden = error instanceof Stripe.errors.StripePermissionError;
  if (isForbidden) {
    const found = 'The key may not read webhook endpoints, so they were not looked at.';
    return warning('Stripe key', found, 'Allow a restricted key to read webhook endpoints.');
  }
  return isRefused
    ? failed('Stripe key', 'Stripe does not accept it.', 'Copy the key again from the Dashboard.')
    : failed('Stripe key', `Stripe does not answer: ${reasonOf(error)}`, 'Check the network.');
}

function endpointFindings(
  endpoints: readonly Stripe.WebhookEndpoint[],
  patient: Patient,
): Finding[] {
  const { STRIPE_WEBHOOK_URL: url } = patient;
  const check = 'webhook endpoint';
  if (url === undefined) {
    return [
      skipped(check, 'STRIPE_WEBHOOK_URL is not set, so it is unknown which endpoint is ours.'),
    ];
  }
  const endpoint = endpoints.find((candidate) => candidate.url === url);
  if (endpoint === undefined) {
    const remedy = `Make an endpoint in Stripe for ${url}, and set its secret.`;
    return [failed(check, `Stripe has no endpoint for ${url}.`, remedy)];
  }
  const missing = settlingTypes.filter(
    (type) => !endpoint.enabled_events.includes(type) && !endpoint.enabled_events.includes('*'),
  );
  return [
    endpoint.status === 'enabled'
      ? ok(check, `${url} is enabled.`)
      : failed(check, `${url} is ${endpoint.status}.`, 'Enable it in the Dashboard.'),
    missing.length === 0
      ? ok('webhook events', 'All that a sale needs are sent.')
      : failed('webhook events', `Not sent: ${missing.join(', ')}.`, 'Add them to the endpoint.'),
    endpoint.api_version === spokenVersion
      ? ok('webhook version', `${spokenVersion}, as the SDK speaks.`)
      : warning(
          'webhook version',
          `Events are rendered in ${endpoint.api_version ?? 'the version of the account'}, the SDK speaks ${spokenVersion}.`,
          `Make the endpoint anew with api_version ${spokenVersion}.`,
        ),
  ];
}
