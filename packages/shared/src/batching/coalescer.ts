import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { AppError, coerceError } from '#errors/errors';
import { observeBatch } from './batch-metrics.ts';
import { type Entry, Lane } from './lane.ts';
import { judgeFault } from './verdict.ts';

export interface CoalescerOptions<Request, Answer> {
  /** Names the metrics. */
  readonly name: string;
  /** Does the work of a batch in one transaction. One answer a request, first for first. */
  readonly commit: (key: string, requests: readonly Request[]) => Promise<readonly Answer[]>;
  /**
   * After a fault in which a COMMIT may have gone through: the answer of each request that is
   * committed, undefined for the others.
   */
  readonly recall: (
    key: string,
    requests: readonly Request[],
  ) => Promise<readonly (Answer | undefined)[]>;
  /** Requests in one batch. */
  readonly batchMax: number;
  /** Requests that may wait, of all keys together; one more is refused with `request.overloaded`. */
  readonly waitingMax: number;
  /** Batches in flight at once, of different keys: each takes a connection. */
  readonly inFlightMax: number;
  /** How long a request may wait, and how long a failing batch is tried again. */
  readonly deadlineMs: number;
}

export interface SubmitOptions {
  /** Asked when a batch is made: who hung up is left out of it. */
  readonly isGone?: () => boolean;
}

/**
 * Requests that arrive while a transaction for their key is in flight are committed together by the
 * next one (group commit, one level up). One batch in flight a key; first come, first served; each
 * caller gets an answer of its own. A request that comes alone is committed at once.
 *
 * A batch that Postgres refuses for its data (SQLSTATE 22, 23) is split until the request that
 * spoils it fails alone. After a fault of the connection or a lost race it is first looked up what
 * was committed after all, then the rest is tried again within its deadline.
 */
export class Coalescer<Request, Answer> {
  readonly #options: CoalescerOptions<Request, Answer>;
  readonly #lanes = new Map<string, Lane<Request, Answer>>();
  /** Lanes with work and nothing in flight, the next to get a turn first. */
  readonly #ready = new Set<Lane<Request, Answer>>();
  #waiting = 0;
  #inFlight = 0;
  #isClosed = false;
  #isStarting = false;
  #drained: (() => void) | undefined;

  constructor(options: CoalescerOptions<Request, Answer>) {
    this.#options = options;
  }

  /** Rejects with `request.overloaded` when too many wait, or one has waited too long. */
  async submit(key: string, request: Request, options: SubmitOptions = {}): Promise<Answer> {
    if (this.#isClosed || this.#waiting >= this.#options.waitingMax) {
      throw overloaded();
    }
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    const isGone = options.isGone ?? (() => false);
    const lane = this.#laneOf(key);
    this.#waiting += 1;
    lane.add({ request, resolve, reject, isGone, since: performance.now() });
    this.#startSoon();
    return await promise;
  }

  /** Takes no more, and returns when everybody has an answer. */
  async close(): Promise<void> {
    this.#isClosed = true;
    if (this.#waiting + this.#inFlight > 0) {
      await new Promise<void>((resolve) => {
        this.#drained = resolve;
      });
    }
  }

  #laneOf(key: string): Lane<Request, Answer> {
    let lane = this.#lanes.get(key);
    if (lane === undefined) {
      lane = new Lane(key, {
        deadlineMs: this.#options.deadlineMs,
        onLate: (late) => this.#refuse(late),
      });
      this.#lanes.set(key, lane);
    }
    if (!lane.isInFlight) {
      this.#ready.add(lane);
    }
    return lane;
  }

  #refuse(late: readonly Entry<Request, Answer>[]): void {
    this.#waiting -= late.length;
    for (const entry of late) {
      entry.reject(overloaded());
    }
  }

  /**
   * At the end of this turn of the event loop: what came with it goes along. Started at once, every
   * second batch would be a single request, with all the others waiting behind it.
   */
  #startSoon(): void {
    if (!this.#isStarting) {
      this.#isStarting = true;
      setImmediate(() => {
        this.#isStarting = false;
        this.#startBatches();
      });
    }
  }

  #startBatches(): void {
    for (const lane of this.#ready) {
      if (this.#inFlight >= this.#options.inFlightMax) {
        return;
      }
      this.#ready.delete(lane);
      const taken = lane.take(this.#options.batchMax);
      this.#waiting -= taken.length;
      const batch = taken.filter((entry) => !dropped(entry));
      lane.isInFlight = true;
      this.#inFlight += 1;
      void this.#run(lane, batch);
    }
  }

  async #run(lane: Lane<Request, Answer>, batch: Entry<Request, Answer>[]): Promise<void> {
    if (batch.length > 0) {
      const waitedMs = performance.now() - (batch[0]?.since ?? 0);
      observeBatch(this.#options.name, { size: batch.length, waitedMs });
      await this.#commit(lane.key, batch);
    }
    lane.isInFlight = false;
    this.#inFlight -= 1;
    if (lane.isEmpty) {
      this.#lanes.delete(lane.key);
      lane.stop();
    } else {
      this.#ready.add(lane);
    }
    this.#startSoon();
    if (this.#waiting + this.#inFlight === 0) {
      this.#drained?.();
    }
  }

  /** Ends with an answer, or an error, for every entry. Never throws. */
  async #commit(key: string, batch: readonly Entry<Request, Answer>[]): Promise<void> {
    let open = batch;
    for (let attempt = 1; open.length > 0; attempt += 1) {
      try {
        const answers = await this.#options.commit(
          key,
          open.map((entry) => entry.request),
        );
        assert.equal(answers.length, open.length, 'one answer a request');
        for (const [at, answer] of answers.entries()) {
          open[at]?.resolve(answer);
        }
        return;
      } catch (thrown) {
        const error = coerceError(thrown);
        const verdict = judgeFault(error);
        if (verdict === 'split' && open.length > 1) {
          const middle = Math.ceil(open.length / 2);
          await this.#commit(key, open.slice(0, middle));
          await this.#commit(key, open.slice(middle));
          return;
        }
        open = verdict === 'again' ? await this.#recall(key, open, error) : failed(open, error);
        if (open.length > 0) {
          await sleep(Math.random() * Math.min(500, 10 * 2 ** attempt));
        }
      }
    }
  }

  /** Answers those that are committed after all; returns those to try again. */
  async #recall(
    key: string,
    batch: readonly Entry<Request, Answer>[],
    fault: Error,
  ): Promise<readonly Entry<Request, Answer>[]> {
    let open = batch;
    for (let attempt = 1; open.length > 0; attempt += 1) {
      try {
        const known = await this.#options.recall(
          key,
          open.map((entry) => entry.request),
        );
        const rest = open.filter((entry, at) => {
          const answer = known[at];
          if (answer !== undefined) {
            entry.resolve(answer);
          }
          return answer === undefined;
        });
        return this.#stillInTime(rest, fault);
      } catch {
        // Nobody is told anything before it is known: the database is asked again.
        open = this.#stillInTime(open, fault);
        await sleep(open.length === 0 ? 0 : Math.random() * Math.min(500, 10 * 2 ** attempt));
      }
    }
    return open;
  }

  #stillInTime(
    batch: readonly Entry<Request, Answer>[],
    fault: Error,
  ): readonly Entry<Request, Answer>[] {
    const oldest = performance.now() - this.#options.deadlineMs;
    failed(
      batch.filter((entry) => entry.since < oldest),
      fault,
    );
    return batch.filter((entry) => entry.since >= oldest);
  }
}

function failed<Request, Answer>(
  batch: readonly Entry<Request, Answer>[],
  error: Error,
): readonly Entry<Request, Answer>[] {
  for (const entry of batch) {
    entry.reject(error);
  }
  return [];
}

function dropped<Request, Answer>(entry: Entry<Request, Answer>): boolean {
  if (!entry.isGone()) {
    return false;
  }
  entry.reject(new AppError('request.abandoned', { message: 'Hung up.', retry: 'permanent' }));
  return true;
}

function overloaded(): AppError {
  return new AppError('request.overloaded', {
    message: 'More requests wait than can be answered in time. Try again with the same key.',
    retry: 'transient',
    details: { retryAfterS: 1 },
  });
}
