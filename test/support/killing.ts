import { waitFor } from '@liventix/shared/testing/wait';
import type { World } from './world.ts';

/** Kills a service at once, and returns when the next of its kind answers. */
export async function killed(world: World, name: string): Promise<void> {
  const { supervisor } = world.stack;
  const pid = supervisor.pids()[name];
  supervisor.signal(name, 'SIGKILL');
  await waitFor(
    async () => {
      const now = supervisor.pids()[name];
      return now !== undefined && now !== pid;
    },
    { what: `${name} to start again` },
  );
  await world.stack.ready(name);
}
