const firstPauseMs = 60_000;

/**
 * Takes backups until the process ends. One that fails is said and tried again soon, then ever more
 * rarely, and never more rarely than is asked: a full disk at night is no reason for no backup tomorrow.
 */
export async function repeatBackup(loop: {
  readonly take: () => Promise<void>;
  readonly everyMs: number;
  readonly say: (line: string) => void;
  readonly onFailure: (error: unknown) => Promise<void> | void;
  readonly pause: (ms: number) => Promise<unknown>;
}): Promise<never> {
  const { take, everyMs, say, onFailure, pause } = loop;
  for (let failures = 0; ; ) {
    try {
      await take();
      failures = 0;
    } catch (error) {
      failures += 1;
      await onFailure(error);
    }
    const waitMs = failures === 0 ? everyMs : Math.min(everyMs, firstPauseMs * 2 ** (failures - 1));
    say(`The next ${failures === 0 ? 'one' : 'try'} in ${Math.round(waitMs / 60_000)} minutes`);
    await pause(waitMs);
  }
}
