import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { runsDir } from './places.ts';
import { isHeld, type Slot } from './slot.ts';
import type { StackInfo } from './stack.ts';

const recorded = z.object({
  databaseUrl: z.string(),
  stripeSecretKey: z.string(),
  stripeUrl: z.string(),
  opsUrl: z.string(),
});

/** A stack that runs on this machine, as another command of this checkout finds it. */
export type RunningStack = z.output<typeof recorded> & { readonly name: string };

/** Says in the slot where its stack is; the slot takes it away when it is released. */
export function recordStack(slot: Slot, stack: StackInfo): void {
  const facts = {
    databaseUrl: stack.databaseUrl,
    stripeSecretKey: stack.stripeSecretKey,
    stripeUrl: stack.urls.stripe,
    opsUrl: stack.urls.ops,
  };
  writeFileSync(join(slot.folder, 'stack.json'), JSON.stringify(facts), { mode: 0o600 });
}

/** Stacks of this checkout whose run still lives. */
export function findRunningStacks(): RunningStack[] {
  if (!existsSync(runsDir)) {
    return [];
  }
  return readdirSync(runsDir).flatMap((name) => {
    const folder = join(runsDir, name);
    const file = join(folder, 'stack.json');
    if (!existsSync(file) || !isHeld(folder)) {
      return [];
    }
    return [{ name, ...recorded.parse(JSON.parse(readFileSync(file, 'utf8'))) }];
  });
}
