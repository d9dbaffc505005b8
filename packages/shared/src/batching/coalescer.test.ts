import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Coalescer, type CoalescerOptions } from './coalescer.ts';

type Fault = 'none' | 'deadlock' | 'commit_lost' | 'away';

interface Ask {
  readonly id: number;
  readonly isPoison: boolean;
}

/** A table that refuses a row twice, behind a link that fails as told. */
class Store {
  readonly applied: { readonly key: string; readonly id: number }[] = [];
  readonly batchSizes: number[] = [];
  readonly inFlight = new Map<string, number>();
  inFlightMax = 0;
  readonly #faults: Fault[];

  constructor(faults: readonly Fault[] = []) {
    this.#faults = [...faults];
  }

  async commit(key: string, asks: readonly Ask[]): Promise<number[]> {
    this.batchSizes.push(asks.length);
    this.inFlight.set(key, (this.inFlight.get(key) ?? 0) + 1);
    const total = [...this.inFlight.values()].reduce((sum, n) => sum + n, 0);
    this.inFlightMax = Math.max(this.inFlightMax, total);
    expect(this.inFlight.get(key), 'one batch in flight a key').toBe(1);
    try {
      await turn();
      return this.#apply(key, asks, this.#faults.shift() ?? 'none');
    } finally {
      this.inFlight.set(key, (this.inFlight.get(key) ?? 0) - 1);
    }
  }

  #apply(key: string, asks: readonly Ask[], fault: Fault): number[] {
    if (fault === 'deadlock' || fault === 'away') {
      throw fault === 'deadlock' ? postgresError('40P01') : connectionLost();
    }
    if (asks.some((ask) => ask.isPoison)) {
      throw postgresError('22P02');
    }
    for (const { id } of asks) {
      expect(this.has(id), `${id} is written once`).toBe(false);
      this.applied.push({ key, id });
    }
    if (fault === 'commit_lost') {
      throw connectionLost();
    }
    return asks.map((ask) => ask.id);
  }

  has(id: number): boolean {
    return this.applied.some((row) => row.id === id);
  }

  async recall(asks: readonly Ask[]): Promise<(number | undefined)[]> {
    await turn();
    return asks.map(({ id }) => (this.has(id) ? id : undefined));
  }
}

function postgresError(code: string): Error {
  return Object.assign(new Error(`refused with ${code}`), { code });
}

function connectionLost(): Error {
  return new Error('Connection terminated unexpectedly');
}

function over(store: Store, options: Partial<CoalescerOptions<Ask, number>> = {}) {
  return new Coalescer<Ask, number>({
    name: 'test',
    batchMax: 4,
    waitingMax: 1_000,
    inFlightMax: 2,
    deadlineMs: 60_000,
    commit: async (key, asks) => await store.commit(key, asks),
    recall: async (_key, asks) => await store.recall(asks),
    ...options,
  });
}

const ask = (id: number): Ask => ({ id, isPoison: false });

test('whatever fails, each caller has its own answer, each row is written once, in order', async () => {
  const fault = fc.constantFrom<Fault>('none', 'deadlock', 'commit_lost', 'away');
  const request = fc.record({
    key: fc.constantFrom('a', 'b', 'c'),
    isPoison: fc.boolean(),
    pausesBefore: fc.nat(2),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(request, { maxLength: 40 }),
      fc.array(fault, { maxLength: 3 }),
      async (requests, faults) => {
        const store = new Store(faults);
        const coalescer = over(store);
        const outcomes: Promise<PromiseSettledResult<number>[]>[] = [];
        for (const [id, { key, isPoison, pausesBefore }] of requests.entries()) {
          for (let pause = 0; pause < pausesBefore; pause += 1) {
            await turn();
          }
          outcomes.push(Promise.allSettled([coalescer.submit(key, { id, isPoison })]));
        }
        const settled = (await Promise.all(outcomes)).flat();
        for (const [id, { isPoison }] of requests.entries()) {
          expect(settled[id]).toMatchObject(
            isPoison
              ? { status: 'rejected', reason: { code: '22P02' } }
              : { status: 'fulfilled', value: id },
          );
        }
        for (const key of ['a', 'b', 'c']) {
          const ids = store.applied.filter((row) => row.key === key).map((row) => row.id);
          const asked = requests.flatMap((r, id) => (r.key === key && !r.isPoison ? [id] : []));
          expect(ids, 'first come, first served').toEqual(asked);
        }
        expect(Math.max(0, ...store.batchSizes)).toBeLessThanOrEqual(4);
        expect(store.inFlightMax).toBeLessThanOrEqual(2);
      },
    ),
    { numRuns: 150 },
  );
});

describe('bounds', () => {
  test('one request too many is refused, and the others are not', async () => {
    const coalescer = over(new Store(), { waitingMax: 3 });
    const outcomes = await Promise.allSettled(
      [1, 2, 3, 4].map((id) => coalescer.submit('a', ask(id))),
    );
    expect(outcomes.map((outcome) => outcome.status)).toEqual([
      'fulfilled',
      'fulfilled',
      'fulfilled',
      'rejected',
    ]);
    expect(outcomes[3]).toMatchObject({
      reason: { code: 'request.overloaded', details: { retryAfterS: 1 } },
    });
  });

  test('who has waited too long behind a slow batch is told so, and is not served', async () => {
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    const store = new Store();
    const coalescer = over(store, {
      deadlineMs: 30,
      commit: async (key, asks) => {
        await released;
        return await store.commit(key, asks);
      },
    });
    const first = coalescer.submit('a', ask(1));
    await turn();
    await expect(coalescer.submit('a', ask(2))).rejects.toMatchObject({
      code: 'request.overloaded',
    });
    release();
    await expect(first).resolves.toBe(1);
    expect(store.has(2)).toBe(false);
  });

  test('who hung up while waiting is left out', async () => {
    const store = new Store();
    const gone = over(store).submit('a', ask(1), { isGone: () => true });
    await expect(gone).rejects.toMatchObject({ code: 'request.abandoned' });
    expect(store.batchSizes).toEqual([]);
  });

  test('a key with much to do does not keep the others from their turn', async () => {
    const store = new Store();
    const coalescer = over(store, { inFlightMax: 1 });
    const busy = Array.from({ length: 40 }, (_, id) => coalescer.submit('busy', ask(id)));
    await turn();
    await coalescer.submit('quiet', ask(100));
    expect(store.applied.length).toBeLessThan(40);
    await Promise.all(busy);
  });
});

describe('faults', () => {
  test('a fault of ours fails its batch only, and is not tried again', async () => {
    let calls = 0;
    const store = new Store();
    const coalescer = over(store, {
      commit: async (key, asks) => {
        calls += 1;
        if (calls === 1) {
          throw new TypeError('a mistake of ours');
        }
        return await store.commit(key, asks);
      },
    });
    await expect(coalescer.submit('a', ask(1))).rejects.toThrow('a mistake of ours');
    await expect(coalescer.submit('a', ask(2))).resolves.toBe(2);
    expect(calls).toBe(2);
  });

  test('a database that stays away is given up at the deadline', async () => {
    const coalescer = over(new Store(), {
      deadlineMs: 50,
      commit: async () => await Promise.reject(connectionLost()),
      recall: async () => await Promise.reject(connectionLost()),
    });
    await expect(coalescer.submit('a', ask(1))).rejects.toThrow('Connection terminated');
  });

  test('without looking up what was committed, a row is written twice (negative control)', async () => {
    const store = new Store(['commit_lost']);
    const blind = over(store, { recall: async (_key, asks) => asks.map(() => undefined) });
    await expect(blind.submit('a', ask(1))).rejects.toThrow('written once');
  });
});

test('closing answers everybody who waits, and refuses who comes after', async () => {
  const store = new Store();
  const coalescer = over(store);
  const waiting = Array.from({ length: 10 }, (_, id) => coalescer.submit('a', ask(id)));
  const closed = coalescer.close();
  await expect(coalescer.submit('a', ask(99))).rejects.toMatchObject({
    code: 'request.overloaded',
  });
  await closed;
  expect(await Promise.all(waiting)).toHaveLength(10);
});
