import { waitFor } from '@liventix/shared/testing/wait';
import { Redis } from 'ioredis';
import { type SayingCall, sayingCalls, setTrap, type Threads } from '#support/trap';
import { placeOrder, sellEvent, type World } from '#support/world';
import { namesOf, placeOf, unhitOf } from './coverage.ts';
import { type Effects, effectsOf, isDone, isStamped, type Work } from './effects.ts';

/** One job or request of one service, from when it is handed in. */
export interface CrashPath {
  readonly name: string;
  readonly service: string;
  /** Settings of this path's stack. */
  readonly overrides: Readonly<Record<string, string>>;
  readonly expected: Effects;
  /** The repeatable job that does the work, where it is one. */
  readonly tick?: string;
  /** Before the trap is set. */
  readonly prepare: (world: World, work: Work) => Promise<void>;
  /** Hands the work in. Returns when it is taken, if need be by the next process. */
  readonly begin: (world: World, work: Work) => Promise<void>;
}

export interface SweepResult {
  readonly path: string;
  /** Kills, each at another system call. */
  readonly points: number;
  readonly lost: number;
  readonly doubled: number;
  /** From a kill until the work is done and the service answers again. */
  readonly worstRecoveryMs: number;
  readonly meanRecoveryMs: number;
  /** Every deviation, with its point. */
  readonly faults: readonly string[];
  /** Writes of an unharmed run at which no kill happened to fall. */
  readonly missed: readonly string[];
}

interface Round {
  readonly at: string;
  readonly work: Work;
  /** What the service said by this call since the trap was set, the cut-off one included. */
  readonly run: readonly string[];
  /** Undefined when the work was done and nothing was killed. */
  readonly recoveryMs: number | undefined;
}

/** Between two runs of the repeatable job under test. */
export const tickMs = 1_000;

/** What is not done this long after its kill counts as lost. */
const recoveryMaxMs = 30_000;

/** Tries, for each call, at writes that the sweep skipped. */
const extraMax = 60;

/** Kills the service at every write of its work, a fresh order each time, and compares at the end. */
export async function sweep(world: World, path: CrashPath): Promise<SweepResult> {
  const redis = new Redis(world.stack.redisUrl);
  const orders = freshOrders(world, path);
  const rounds: Round[] = [];
  const missed: string[] = [];
  const crash = async (threads: Threads, call: SayingCall, nth: number) => {
    const work = await orders();
    await becomesQuiet(redis);
    await (path.tick === undefined ? undefined : betweenTicks(redis, path.tick));
    const round = await crashOnce(world, path, { redis, work, threads, call, nth });
    rounds.push(round);
    return round;
  };
  world.stack.supervisor.setKeep(path.service, false);
  try {
    for (const call of sayingCalls) {
      missed.push(...(await sweepCall(async (nth) => await crash('main', call, nth))));
    }
    await sweepCall(async (nth) => await crash('others', 'write', nth));
    await becomesQuiet(redis);
  } finally {
    redis.disconnect();
  }
  return { ...(await judge(world, path, rounds)), missed };
}

/**
 * Kills at the first, the second, … of one call until the work ends unharmed, and then at each of
 * that run's writes which none of the kills hit. Returns those that stayed unhit.
 */
async function sweepCall(crash: (nth: number) => Promise<Round>): Promise<string[]> {
  const hit = new Set<string>();
  const kill = async (nth: number) => {
    const { run, recoveryMs } = await crash(nth);
    const names = namesOf(run);
    if (recoveryMs === undefined) {
      return { unharmed: names };
    }
    hit.add(names.at(-1) ?? '');
    return { unharmed: undefined };
  };
  let unharmed: readonly string[] | undefined;
  for (let nth = 1; unharmed === undefined; nth += 1) {
    ({ unharmed } = await kill(nth));
  }
  let unhit = unhitOf(unharmed, hit);
  for (let extra = 0; extra < extraMax && unhit.length > 0; extra += 1) {
    const name = unhit[extra % unhit.length] ?? '';
    await kill(placeOf(unharmed.indexOf(name), Math.floor(extra / unhit.length)));
    unhit = unhitOf(unharmed, hit);
  }
  return unhit;
}

async function crashOnce(
  world: World,
  path: CrashPath,
  at: {
    readonly redis: Redis;
    readonly work: Work;
    readonly threads: Threads;
    readonly call: SayingCall;
    readonly nth: number;
  },
): Promise<Round> {
  const { supervisor } = world.stack;
  const { work, threads, call, nth } = at;
  const pid = supervisor.pids()[path.service];
  if (pid === undefined) {
    throw new Error(`${path.service} does not run`);
  }
  const isDead = () => supervisor.pids()[path.service] !== pid;
  const isFinished = async () => await isDone(world, work, path.expected);
  const isAtRest = async () =>
    (await isFinished()) && (await isStamped(world, work)) && (await isIdle(at.redis));
  const trap = await setTrap({ pid, threads, call, nth });
  const begun = path.begin(world, work);
  begun.catch(() => undefined);
  await waitFor(async () => isDead() || (await isAtRest()), {
    what: `${path.name} without a kill at ${call} ${nth}`,
    timeoutMs: recoveryMaxMs,
  });
  const { killed, run } = await trap.release();
  const round = { at: `${threads} ${call} ${nth}`, work, run };
  if (!killed) {
    await begun;
    return { ...round, recoveryMs: undefined };
  }
  await waitFor(async () => isDead(), { what: `${path.service} to be gone` });
  return { ...round, recoveryMs: await recover(world, path, { isFinished, begun }) };
}

/** Starts the service again, and waits until it answers and the work is done. */
async function recover(
  world: World,
  path: CrashPath,
  work: { readonly isFinished: () => Promise<boolean>; readonly begun: Promise<void> },
): Promise<number> {
  const killedAt = performance.now();
  world.stack.supervisor.revive(path.service);
  world.stack.supervisor.setKeep(path.service, false);
  await world.stack.ready(path.service);
  await waitFor(work.isFinished, { what: path.name, timeoutMs: recoveryMaxMs }).catch(
    () => undefined,
  );
  await work.begun.catch(() => undefined);
  return performance.now() - killedAt;
}

const consumed = ['ticketing', 'notifications', 'inventory'];

/** No worker has a job, not even one that was killed with it. */
async function isIdle(redis: Redis): Promise<boolean> {
  const lengths = await Promise.all(
    consumed.flatMap((queue) =>
      ['active', 'wait'].map(async (list) => await redis.llen(`{liventix}:${queue}:${list}`)),
    ),
  );
  return lengths.every((length) => length === 0);
}

async function becomesQuiet(redis: Redis): Promise<void> {
  await waitFor(async () => await isIdle(redis), {
    what: 'the queues to be empty',
    timeoutMs: recoveryMaxMs,
  });
}

/** Of the time between two ticks: late enough for the last to have ended, early for the next. */
const gap = { fromMs: tickMs * 0.4, untilMs: tickMs * 0.7 };

/** Waits for the same moment between two ticks, so that the next is counted from its first write. */
async function betweenTicks(redis: Redis, tick: string): Promise<void> {
  await waitFor(
    async () => {
      const nextAt = Number(await redis.zscore('{liventix}:inventory:repeat', tick));
      const leftMs = nextAt - Date.now();
      return leftMs > gap.fromMs && leftMs < gap.untilMs && (await isIdle(redis));
    },
    { what: `a gap between two ${tick}`, timeoutMs: recoveryMaxMs },
  );
}

/** Orders prepared side by side, and ahead: one a round would cost half of the round. */
function freshOrders(world: World, path: CrashPath): () => Promise<Work> {
  const batch = 8;
  const ready: Work[] = [];
  return async () => {
    if (ready.length === 0) {
      ready.push(
        ...(await Promise.all(
          Array.from({ length: batch }, async () => {
            const event = await sellEvent(world);
            const work = { event, placed: await placeOrder(world, event, 2) };
            await path.prepare(world, work);
            return work;
          }),
        )),
      );
    }
    const work = ready.pop();
    if (work === undefined) {
      throw new Error('no order was prepared');
    }
    return work;
  };
}

/** Compares at the very end, when what a killed worker left behind has run again too. */
async function judge(
  world: World,
  path: CrashPath,
  rounds: readonly Round[],
): Promise<Omit<SweepResult, 'missed'>> {
  const faults: string[] = [];
  const tally = { lost: 0, doubled: 0 };
  for (const { at, work, run } of rounds) {
    const found = await effectsOf(world, work);
    const wrong = Object.entries(path.expected).filter(([name, times]) => found[name] !== times);
    const isLost = wrong.some(([name, times]) => (found[name] ?? 0) < times);
    const isDoubled = wrong.some(([name, times]) => (found[name] ?? 0) > times);
    tally.lost += isLost ? 1 : 0;
    tally.doubled += isDoubled ? 1 : 0;
    faults.push(
      ...wrong.map(
        ([name, times]) => `${at}, '${run.at(-1)}': ${found[name]} ${name}, not ${times}`,
      ),
    );
  }
  const recoveries = rounds.flatMap(({ recoveryMs }) => recoveryMs ?? []);
  return {
    path: path.name,
    points: recoveries.length,
    ...tally,
    worstRecoveryMs: Math.max(0, ...recoveries),
    meanRecoveryMs: recoveries.reduce((sum, ms) => sum + ms, 0) / Math.max(1, recoveries.length),
    faults,
  };
}
