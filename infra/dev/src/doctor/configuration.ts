import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { root } from '#stack/places';
import { serviceNames } from '#stack/services';
import { type Finding, failed, ok, reasonOf, warning } from './finding.ts';
import type { Patient } from './patient.ts';

const configModule = z.object({
  loadConfig: z.custom<(env: NodeJS.ProcessEnv) => unknown>((value) => typeof value === 'function'),
});

/** Whether each service would start with these variables, by its own schema. */
export async function checkConfiguration(env: NodeJS.ProcessEnv): Promise<Finding[]> {
  return await Promise.all(
    serviceNames.map(async (service) => {
      const check = `configuration of ${service}`;
      const file = join(root, 'services', service, 'src', 'config.ts');
      try {
        configModule.parse(await import(pathToFileURL(file).href)).loadConfig(env);
        return ok(check, 'Complete.');
      } catch (error) {
        return failed(check, reasonOf(error), 'Set it as .env.example describes.');
      }
    }),
  );
}

/** Buyers' links and cards must not travel in the clear once real money moves. */
export function checkPublicUrl(patient: Patient): Finding {
  const check = 'public address';
  const isLive = /^(sk|rk)_live_/.test(patient.STRIPE_SECRET_KEY ?? '');
  if (patient.PUBLIC_URL === undefined) {
    return failed(check, 'PUBLIC_URL is not set.', 'Set it to where buyers reach checkout.');
  }
  if (patient.PUBLIC_URL.startsWith('https://')) {
    return ok(check, `${patient.PUBLIC_URL} is encrypted.`);
  }
  const found = `${patient.PUBLIC_URL} is not encrypted.`;
  const remedy = 'Put TLS before checkout and set PUBLIC_URL to the https address.';
  return isLive ? failed(check, found, remedy) : warning(check, found, remedy);
}
