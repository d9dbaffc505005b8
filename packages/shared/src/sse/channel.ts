import { setImmediate as nextTurn } from 'node:timers/promises';
import { coerceError } from '#errors/errors';
import type { Log } from '#telemetry/logger';
import {
  decideGreeting,
  type EventId,
  fingerprintOf,
  formatEventId,
  parseEventId,
} from './event-id.ts';
import { eventFrame, type Frame, heartbeat } from './frame.ts';
import { end, type Listener, send } from './listener.ts';
import { broadcastSeconds, failedReadings } from './metrics.ts';

/** What a topic is at one moment. */
export interface Reading {
  /** By the source's clock. */
  readonly asOf: Date;
  /** The state without its time: another text is a change. */
  readonly state: string;
  /** What listeners get, as one line of JSON. */
  readonly data: string;
}

export interface ChannelOptions {
  readonly topic: string;
  /** The name of its events. */
  readonly event: string;
  readonly log: Log;
  readonly intervalMs: number;
  readonly read: () => Promise<Reading | undefined>;
}

/** Written in one go, some six milliseconds; then other requests have their turn. */
const listenersPerTurn = 500;

/** A source that fails is asked ever less often, up to this. */
const failedIntervalMaxMs = 4_000;

/**
 * One watched topic: a single loop reads it while anybody listens, and tells a change to all. Each
 * event is the whole state, encoded once, so that whoever missed one misses nothing.
 */
export class Channel {
  readonly topic: string;
  /** Whether there is such a topic, once it was read. */
  ready: Promise<boolean>;
  /** Listeners to be, that wait for the first reading. */
  expected = 0;
  readonly #options: ChannelOptions;
  readonly #listeners = new Set<Listener>();
  /** Those that have seen a later moment than we, with the state they know. */
  readonly #ahead = new Map<Listener, string>();
  #state = '';
  #data = '';
  #id: EventId = { asOfMs: 0, fingerprint: '' };
  #frame: Frame | undefined;
  #version = 0;
  #failures = 0;
  #timer: NodeJS.Timeout | undefined;
  #isStopped = false;

  constructor(options: ChannelOptions) {
    this.#options = options;
    this.topic = options.topic;
    this.ready = this.#read();
  }

  get isDeserted(): boolean {
    return this.#listeners.size === 0 && this.expected === 0;
  }

  add(listener: Listener, lastEventId: string | undefined): void {
    const seen = parseEventId(lastEventId);
    const greeting = decideGreeting(this.#id, seen);
    if (greeting === 'snapshot') {
      send(listener, this.#encoded());
    } else if (greeting === 'wait' && seen !== undefined) {
      this.#ahead.set(listener, seen.fingerprint);
    }
    listener.version = this.#version;
    this.#listeners.add(listener);
    if (this.#timer === undefined) {
      this.#arm();
    }
  }

  remove(listener: Listener): void {
    this.#listeners.delete(listener);
    this.#ahead.delete(listener);
  }

  /** Ends the loop for good. */
  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
  }

  /** Ends every stream. */
  async end(): Promise<void> {
    this.stop();
    await this.#each(end);
  }

  async beat(): Promise<void> {
    await this.#each((listener) => send(listener, heartbeat));
  }

  /** Armed only when the turn before is over: a slow source is never asked twice at once. */
  #arm(): void {
    if (this.#isStopped) {
      return;
    }
    const { intervalMs } = this.#options;
    const waitMs = Math.min(intervalMs * 2 ** this.#failures, failedIntervalMaxMs);
    this.#timer = setTimeout(() => void this.#turn(), Math.max(waitMs, intervalMs));
  }

  async #turn(): Promise<void> {
    const { topic } = this;
    const { log } = this.#options;
    try {
      const known = this.#version;
      const isThere = await this.#read();
      this.ready = Promise.resolve(isThere);
      await (isThere ? this.#tell(this.#version !== known) : this.#each(end));
      if (this.#failures > 0) {
        log.info({ topic }, 'a watched topic is read again');
      }
      this.#failures = 0;
    } catch (error) {
      this.#failures += 1;
      failedReadings.inc();
      if (this.#failures === 1) {
        log.warn({ topic, err: coerceError(error) }, 'a watched topic cannot be read');
      }
    }
    this.#arm();
  }

  /** A topic that vanished ends its streams, and who comes back is told that there is none. */
  async #read(): Promise<boolean> {
    const reading = await this.#options.read();
    if (reading === undefined) {
      return false;
    }
    // A source whose clock was set back must not make ids go back.
    const asOfMs = Math.max(reading.asOf.getTime(), this.#id.asOfMs);
    const isChanged = reading.state !== this.#state || this.#version === 0;
    const fingerprint = isChanged ? fingerprintOf(reading.state) : this.#id.fingerprint;
    this.#version += isChanged ? 1 : 0;
    this.#id = { asOfMs, fingerprint };
    this.#state = reading.state;
    this.#data = reading.data;
    this.#frame = undefined;
    return true;
  }

  /** Brings all to the present state who do not know it. */
  async #tell(isChanged: boolean): Promise<void> {
    let isSomeBehind = isChanged;
    for (const [listener, known] of this.#ahead) {
      const isBehind = known !== this.#id.fingerprint;
      listener.version = isBehind ? 0 : this.#version;
      isSomeBehind ||= isBehind;
    }
    this.#ahead.clear();
    if (!isSomeBehind) {
      return;
    }
    const observed = broadcastSeconds.startTimer();
    const frame = this.#encoded();
    await this.#each((listener) => {
      if (listener.version !== this.#version) {
        listener.version = this.#version;
        send(listener, frame);
      }
    });
    observed();
  }

  /** A set goes on with who is left and who came, so nobody is missed between two turns. */
  async #each(act: (listener: Listener) => void): Promise<void> {
    let count = 0;
    for (const listener of this.#listeners) {
      act(listener);
      count += 1;
      if (count % listenersPerTurn === 0) {
        await nextTurn();
      }
    }
  }

  #encoded(): Frame {
    this.#frame ??= eventFrame({
      id: formatEventId(this.#id),
      name: this.#options.event,
      data: this.#data,
    });
    return this.#frame;
  }
}
