import { loadTracingConfig } from './config.ts';

/*
 * Preloaded with `node --import`, so that http, pg and undici are instrumented before anybody loads
 * them. Without an endpoint it loads nothing and costs nothing.
 */
const { isOn, serviceName } = loadTracingConfig();
if (isOn) {
  const { startTracing } = await import('./sdk.ts');
  startTracing(serviceName);
}
