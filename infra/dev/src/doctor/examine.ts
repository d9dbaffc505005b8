import { checkAlerts } from './alerts.ts';
import { checkConfiguration, checkPublicUrl } from './configuration.ts';
import type { Finding } from './finding.ts';
import { patientSchema } from './patient.ts';
import { checkPostgres } from './postgres.ts';
import { checkRedis } from './redis.ts';
import { checkResend } from './resend.ts';
import { checkStripe } from './stripe.ts';

/** Everything that is looked at before going live, in the order a person would mend it. */
export async function examine(env: NodeJS.ProcessEnv): Promise<Finding[]> {
  const present = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const patient = patientSchema.parse(present);
  const findings = await Promise.all([
    checkConfiguration(present),
    checkPostgres(patient),
    checkRedis(patient),
    checkStripe(patient),
    checkResend(patient),
  ]);
  return [...findings.flat(), ...checkAlerts(patient), checkPublicUrl(patient)];
}
