import { runSimulator } from '../http/run.ts';
import { loadConfig } from './config.ts';
import { startResendSimulator } from './simulator.ts';

const config = loadConfig();
const { RESEND_WEBHOOK_URL: url, RESEND_WEBHOOK_SECRET: secret } = config;

await runSimulator(
  'resend-simulator',
  async () =>
    await startResendSimulator({
      port: config.PORT,
      host: config.HOST,
      apiKey: config.RESEND_API_KEY,
      mailsPerSecond: config.RATE_LIMIT_PER_S,
      ...(url !== undefined && secret !== undefined && { webhook: { url, secret } }),
    }),
);
