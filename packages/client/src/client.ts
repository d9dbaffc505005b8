import createClient from 'openapi-fetch';
import type { paths as CheckoutPaths } from './generated/checkout.ts';
import type { paths as OpsPaths } from './generated/ops.ts';

/**
 * A typed `fetch` of the checkout service, for a frontend: addresses, bodies and answers are those
 * of its OpenAPI document. `data` or `error` (a problem document) is set, never both.
 */
export function createCheckoutClient(baseUrl: string) {
  return createClient<CheckoutPaths>({ baseUrl });
}

/** The same for the operations service. The API key opens what its role may do. */
export function createOpsClient(baseUrl: string, apiKey: string) {
  return createClient<OpsPaths>({ baseUrl, headers: { authorization: `Bearer ${apiKey}` } });
}
