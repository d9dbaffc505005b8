import { readEnvironment } from '#config';
import { findRunningStacks } from '#stack/running-stacks';

/** Which books are verified, and whom they are compared with. */
export interface Books {
  readonly databaseUrl: string;
  /** Undefined where no key is known. */
  readonly stripe: { readonly secretKey: string; readonly apiUrl: string | undefined } | undefined;
}

/** The database that the environment names; else that of the one stack that runs. */
export function findBooks(): Books {
  const { DATABASE_URL, STRIPE_SECRET_KEY, STRIPE_API_URL } = readEnvironment();
  if (DATABASE_URL !== undefined) {
    const stripe =
      STRIPE_SECRET_KEY === undefined
        ? undefined
        : { secretKey: STRIPE_SECRET_KEY, apiUrl: STRIPE_API_URL };
    return { databaseUrl: DATABASE_URL, stripe };
  }
  const running = findRunningStacks();
  const [stack] = running;
  if (stack === undefined) {
    throw new Error('no stack runs here and DATABASE_URL is not set: there are no books to verify');
  }
  if (running.length > 1) {
    const all = running.map(({ name, databaseUrl }) => `${name}: ${databaseUrl}`).join(', ');
    throw new Error(`several stacks run here, so set DATABASE_URL to one of ${all}`);
  }
  const { databaseUrl, stripeSecretKey: secretKey, stripeUrl } = stack;
  return { databaseUrl, stripe: { secretKey, apiUrl: stripeUrl } };
}
