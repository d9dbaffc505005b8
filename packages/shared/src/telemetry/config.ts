import { basename } from 'node:path';
import { z } from 'zod';

const schema = z.object({
  /** Where spans are sent; without it there is no tracing at all. */
  OTEL_EXPORTER_OTLP_ENDPOINT: z.string().optional(),
  OTEL_SERVICE_NAME: z.string().optional(),
});

/** The SDK reads the other OTEL_ variables itself. */
export function loadTracingConfig(env: NodeJS.ProcessEnv = process.env) {
  const config = schema.parse(env);
  return {
    isOn: (config.OTEL_EXPORTER_OTLP_ENDPOINT ?? '') !== '',
    serviceName: config.OTEL_SERVICE_NAME ?? basename(process.cwd()),
  };
}
