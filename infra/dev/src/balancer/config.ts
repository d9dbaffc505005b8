import { z } from 'zod';

const schema = z.object({
  PORT: z.coerce.number().int(),
  /** Addresses of the instances, comma-separated. */
  UPSTREAMS: z
    .string()
    .transform((text) => text.split(','))
    .pipe(z.array(z.url()).min(1)),
});

export function loadConfig(env: NodeJS.ProcessEnv = process.env) {
  return schema.parse(env);
}
