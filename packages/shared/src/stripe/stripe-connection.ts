import Stripe from 'stripe';
import { AppError } from '#errors/errors';
import { countCallsFromZero, observeProviderCall } from '#telemetry/metrics';

export interface StripeOptions {
  readonly secretKey: string;
  /** Another address than Stripe's own, for the simulator. */
  readonly apiUrl: string | undefined;
  readonly timeoutMs: number;
  readonly retries: number;
}

export function connectStripe(options: StripeOptions): Stripe {
  countCallsFromZero('stripe');
  const base = options.apiUrl === undefined ? undefined : new URL(options.apiUrl);
  return new Stripe(options.secretKey, {
    httpClient: observedClient(),
    timeout: options.timeoutMs,
    maxNetworkRetries: options.retries,
    telemetry: false,
    ...(base && {
      protocol: base.protocol === 'http:' ? 'http' : 'https',
      host: base.hostname,
      port: base.port === '' ? (base.protocol === 'http:' ? 80 : 443) : Number(base.port),
    }),
  });
}

/** Stripe's own client, each of whose tries is counted: the SDK's events leave out those without an answer. */
function observedClient(): ReturnType<typeof Stripe.createNodeHttpClient> {
  const client = Stripe.createNodeHttpClient();
  const makeRequest = client.makeRequest.bind(client);
  client.makeRequest = async (...request) => {
    const startedMs = performance.now();
    try {
      const answer = await makeRequest(...request);
      observeProviderCall('stripe', { status: answer.getStatusCode(), startedMs });
      return answer;
    } catch (error) {
      observeProviderCall('stripe', { status: undefined, startedMs });
      throw error;
    }
  };
  return client;
}

/**
 * What a failed call means for us. `what` completes the sentence "Could not …".
 * `stripe.unavailable`: the outcome is unknown, repeat with the same key. `stripe.refused`: final.
 */
export function stripeFault(error: unknown, what: string): AppError {
  if (!(error instanceof Stripe.errors.StripeError)) {
    throw error;
  }
  const details = {
    requestId: error.requestId,
    stripeType: error.type,
    stripeCode: error.code,
    param: error.param,
  };
  const status = error.statusCode;
  if (status === 401 || status === 403) {
    return new AppError('stripe.not_configured', {
      message: `Could not ${what}: Stripe does not accept our key.`,
      retry: 'transient',
      dependency: true,
      details,
      cause: error,
    });
  }
  const isFinal =
    error instanceof Stripe.errors.StripeIdempotencyError ||
    (status !== undefined && status >= 400 && status < 500 && status !== 409 && status !== 429);
  return isFinal
    ? new AppError('stripe.refused', {
        message: `Could not ${what}: ${error.message}`,
        retry: 'permanent',
        details,
        cause: error,
      })
    : new AppError('stripe.unavailable', {
        message: `Could not ${what}: Stripe does not answer.`,
        retry: 'transient',
        dependency: true,
        details,
        cause: error,
      });
}
