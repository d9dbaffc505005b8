import { once } from 'node:events';

/** Runs a simulator as a process: says where it listens, stops when told to. */
export async function runSimulator(
  name: string,
  start: () => Promise<{ port: number; close(): Promise<void> }>,
): Promise<void> {
  const simulator = await start();
  process.stdout.write(`${JSON.stringify({ name, msg: 'listening', port: simulator.port })}\n`);
  await Promise.race([
    once(process, 'SIGTERM'),
    once(process, 'SIGINT'),
    once(process, 'disconnect'),
  ]);
  await simulator.close();
  process.exit();
}
