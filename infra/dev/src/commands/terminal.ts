/** Lines for the person, on stderr: stdout is for results. */
export function say(line: string): void {
  process.stderr.write(`${process.stderr.isTTY ? '\x1b[2m›\x1b[0m' : '>'} ${line}\n`);
}

export function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Runs until SIGINT or SIGTERM, then stops; a second signal kills at once. Exits 130 or 143. */
export async function untilStopped(hooks: {
  readonly stop: () => Promise<void>;
  readonly kill: () => void;
}): Promise<never> {
  const signal = await nextSignal();
  say('Stopping everything (again to kill at once)');
  const impatient = () => {
    hooks.kill();
    process.exit(exitCodeOf(signal));
  };
  process.on('SIGINT', impatient);
  process.on('SIGTERM', impatient);
  await hooks.stop();
  process.exit(exitCodeOf(signal));
}

async function nextSignal(): Promise<'SIGINT' | 'SIGTERM'> {
  return await new Promise((resolve) => {
    process.once('SIGINT', () => resolve('SIGINT'));
    process.once('SIGTERM', () => resolve('SIGTERM'));
  });
}

function exitCodeOf(signal: 'SIGINT' | 'SIGTERM'): number {
  return signal === 'SIGINT' ? 130 : 143;
}
