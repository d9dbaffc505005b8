import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const secretsSchema = z.object({
  tokenSecrets: z.string(),
  masterKeys: z.string(),
  stripeSecretKey: z.string(),
  stripeWebhookSecret: z.string(),
  resendApiKey: z.string(),
  resendWebhookSecret: z.string(),
  adminApiKey: z.string().optional(),
});
export type Secrets = z.output<typeof secretsSchema>;

/** Secrets of one slot, made once, readable by their owner alone. One that a later release asks for is added. */
export function readSecrets(folder: string): Secrets {
  const file = join(folder, 'secrets.json');
  const known = existsSync(file) ? stored.parse(JSON.parse(readFileSync(file, 'utf8'))) : {};
  const secrets = secretsSchema.parse({ ...makeSecrets(), ...known });
  writeSecrets(folder, secrets);
  return secrets;
}

const stored = secretsSchema.partial();

function makeSecrets(): Secrets {
  const random = () => randomBytes(32).toString('base64url');
  return {
    tokenSecrets: `k1:${random()}`,
    masterKeys: `m1:${random()}`,
    stripeSecretKey: `sk_test_${random()}`,
    stripeWebhookSecret: `whsec_${random()}`,
    resendApiKey: `re_${random()}`,
    resendWebhookSecret: `whsec_${randomBytes(24).toString('base64')}`,
  };
}

export function writeSecrets(folder: string, secrets: Secrets): void {
  writeFileSync(join(folder, 'secrets.json'), JSON.stringify(secrets), { mode: 0o600 });
}
