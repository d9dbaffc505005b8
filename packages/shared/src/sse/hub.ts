import { AsyncLocalStorage } from 'node:async_hooks';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { clientOf } from '#limits/shared-limit';
import type { Log } from '#telemetry/logger';
import { Channel, type Reading } from './channel.ts';
import { Gate } from './gate.ts';
import { listening, opened } from './metrics.ts';
import { answerHead, openStream } from './open-stream.ts';
import { Seats, type StreamLimits, unavailable } from './seats.ts';

export interface HubOptions {
  /** The name of the events. */
  readonly event: string;
  /** What a topic is now; undefined when there is none. */
  readonly read: (topic: string) => Promise<Reading | undefined>;
  readonly limits: StreamLimits;
  readonly log: Log;
  readonly intervalMs?: number;
  readonly heartbeatMs?: number;
}

/** Readings at a time, of all topics: the source serves others too. */
const readingsAtOnce = 2;

/**
 * Streams of topics as server-sent events. A topic is read by one loop for all its listeners of
 * this process, from the first one that comes until the last has left.
 */
export class Hub {
  readonly #options: HubOptions;
  readonly #channels = new Map<string, Channel>();
  readonly #seats: Seats;
  readonly #gate = new Gate(readingsAtOnce);
  readonly #heart: NodeJS.Timeout;
  /** Loops outlive the request that starts them, and must not go on in its trace. */
  readonly #outside = AsyncLocalStorage.snapshot();
  #isClosing = false;

  constructor(options: HubOptions) {
    this.#options = options;
    this.#seats = new Seats(options.limits);
    this.#heart = setInterval(() => void this.#beat(), options.heartbeatMs ?? 15_000).unref();
  }

  /**
   * Answers a request with the stream of a topic. False when there is none: then the request is
   * still to be answered.
   */
  async join(topic: string, request: FastifyRequest, reply: FastifyReply): Promise<boolean> {
    const address = clientOf(request.ip);
    this.#seats.take(address);
    const channel = this.#channelOf(topic);
    channel.expected += 1;
    let isSeated = false;
    try {
      if (!(await channel.ready)) {
        return false;
      }
      isSeated = this.#attach(channel, request, reply);
      return true;
    } finally {
      channel.expected -= 1;
      if (!isSeated) {
        this.#leave(topic, address);
      }
    }
  }

  /** Ends all streams as complete. Their clients come back, to another instance if need be. */
  async close(): Promise<void> {
    this.#isClosing = true;
    clearInterval(this.#heart);
    for (const channel of this.#channels.values()) {
      await channel.end();
    }
  }

  #channelOf(topic: string): Channel {
    const known = this.#channels.get(topic);
    if (known !== undefined) {
      return known;
    }
    const { read, event, log, intervalMs = 250 } = this.#options;
    const gated = async () => await this.#gate.pass(async () => await read(topic));
    const made = this.#outside(() => new Channel({ topic, event, log, intervalMs, read: gated }));
    this.#channels.set(topic, made);
    return made;
  }

  /** Whether the request became a listener: one that ended meanwhile, or asks for the head, does not. */
  #attach(channel: Channel, request: FastifyRequest, reply: FastifyReply): boolean {
    if (this.#isClosing) {
      throw unavailable('This instance stops. Try again.');
    }
    if (request.raw.socket.destroyed) {
      reply.hijack();
      return false;
    }
    if (request.method === 'HEAD') {
      answerHead(reply);
      return false;
    }
    const { topic } = channel;
    const address = clientOf(request.ip);
    const listener = openStream(request, reply);
    listener.socket.on('close', () => {
      channel.remove(listener);
      listening.dec();
      this.#leave(topic, address);
    });
    listening.inc();
    opened.inc();
    const lastEventId = request.headers['last-event-id'];
    this.#outside(() =>
      channel.add(listener, typeof lastEventId === 'string' ? lastEventId : undefined),
    );
    return true;
  }

  #leave(topic: string, address: string): void {
    this.#seats.leave(address);
    const channel = this.#channels.get(topic);
    if (channel?.isDeserted) {
      channel.stop();
      this.#channels.delete(topic);
    }
  }

  async #beat(): Promise<void> {
    for (const channel of this.#channels.values()) {
      await channel.beat();
    }
  }
}
