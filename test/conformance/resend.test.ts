import { startResendSimulator } from '@liventix/simulators/resend';
import { Resend } from 'resend';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { loadConformance } from './config.ts';
import { resendAssumptions } from './resend-assumptions.ts';

const { CONFORMANCE_RESEND_API_KEY: realKey, CONFORMANCE_MAIL_FROM: from } = loadConformance();
const simulatorKey = 're_conformance';

describe('the Resend simulator', () => {
  let simulator: Awaited<ReturnType<typeof startResendSimulator>>;

  beforeAll(async () => {
    simulator = await startResendSimulator({
      port: 0,
      host: '127.0.0.1',
      apiKey: simulatorKey,
      mailsPerSecond: 0,
    });
  });
  afterAll(async () => {
    await simulator.close();
  });

  test.each(resendAssumptions)('$says', async ({ check }) => {
    const resend = new Resend(simulatorKey, { baseUrl: simulator.url });
    const stranger = new Resend('re_nobody', { baseUrl: simulator.url });
    await check({ resend, stranger, from: 'Liventix <tickets@liventix.dev>' });
  });
});

describe.runIf(realKey !== undefined)('Resend itself', () => {
  test.each(resendAssumptions)('$says ($source)', async ({ check }) => {
    const stranger = new Resend('re_nobody');
    await check({ resend: new Resend(realKey ?? simulatorKey), stranger, from });
  });
});
