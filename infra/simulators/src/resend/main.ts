import { runSimulator } from '../http/run.ts';
import { loadConfig } from './config.ts';
import { startResendSimulator } from './simulator.ts';

const config = loadConfig();

await runSimulator(
  'resend-simulator',
  async () =>
    await startResendSimulator({
      port: config.PORT,
      host: config.HOST,
      apiKey: config.RESEND_API_KEY,
      mailsPerSecond: config.RATE_LIMIT_PER_S,
    }),
);
