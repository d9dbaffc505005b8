import { join } from 'node:path';
import { stateDir } from '#stack/places';
import { recordStack } from '#stack/running-stacks';
import { type Slot, takeSlot } from '#stack/slot';
import { type Stack, type StackOptions, startStack } from '#stack/stack';
import { say } from './terminal.ts';

export interface Running {
  readonly stack: Stack;
  readonly slot: Slot;
  stop(): Promise<void>;
  kill(): void;
}

/**
 * A whole stack in a slot of its own. A signal that comes while it starts stops what has started.
 */
export async function runStack(
  kind: string,
  options: Partial<
    Pick<StackOptions, 'overrides' | 'services' | 'fsync' | 'scale' | 'preload'>
  > = {},
): Promise<Running> {
  const slot = await takeSlot(kind, say);
  const early = (signal: NodeJS.Signals) => {
    // Children have a channel to us or die with us: leaving is enough.
    slot.release();
    process.exit(signal === 'SIGINT' ? 130 : 143);
  };
  process.once('SIGINT', early);
  process.once('SIGTERM', early);
  try {
    const stack = await startStack({
      ...options,
      folder: slot.folder,
      logs: join(stateDir, 'logs', slot.name),
      say,
      recordPids: slot.recordPids,
    });
    recordStack(slot, stack);
    return {
      stack,
      slot,
      stop: async () => {
        await stack[Symbol.asyncDispose]();
        slot.release();
      },
      kill: () => {
        stack.supervisor.killAll();
        slot.release();
      },
    };
  } catch (error) {
    slot.release();
    throw error;
  } finally {
    process.removeListener('SIGINT', early);
    process.removeListener('SIGTERM', early);
  }
}
