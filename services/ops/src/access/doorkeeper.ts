import type { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import { asDatabaseError } from '@liventix/shared/db';
import { AppError, coerceError } from '@liventix/shared/errors';
import type { Log } from '@liventix/shared/telemetry/logger';

/** Between two rounds: somebody goes on seeing what they may see no more for so long, and one round, at most. */
const recheckMs = 5_000;

interface Watched {
  readonly socket: Socket;
  readonly mayStay: () => Promise<boolean>;
}

/**
 * Streams and downloads last as long as their readers like, which may be longer than their rights. Asks of
 * each again and again whether its reader may still look, one after the other, and cuts off who may not:
 * their browser comes back, and is refused as anybody.
 */
export class Doorkeeper {
  /** Several may be read on one socket at once: requests are sent before the answer to the last. */
  readonly #inside = new Set<Watched>();
  readonly #log: Log;
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(log: Log) {
    this.#log = log;
    this.#arm();
  }

  /** Until the socket is closed, or what is read there is over: others may follow on the same one. */
  watch(
    socket: Socket,
    mayStay: () => Promise<boolean>,
    { until = socket }: { readonly until?: EventEmitter } = {},
  ): void {
    if (socket.destroyed) {
      // Its reader left while they were let in, and nothing more will be heard of them.
      return;
    }
    const watched = { socket, mayStay };
    this.#inside.add(watched);
    until.once('close', () => this.#inside.delete(watched));
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
  }

  /** Armed only when the round before is over: a slow database is never asked twice at once. */
  #arm(): void {
    if (!this.#isClosed) {
      this.#timer = setTimeout(() => void this.#round(), recheckMs).unref();
    }
  }

  async #round(): Promise<void> {
    for (const watched of this.#inside) {
      if (watched.socket.destroyed) {
        // An answer that waits for another's end is never closed if its socket is before.
        this.#inside.delete(watched);
        continue;
      }
      if (!(await this.#ask(watched))) {
        break;
      }
    }
    this.#arm();
  }

  /** Whether others can be asked about: without the database they cannot, and all of them read from it. */
  async #ask({ socket, mayStay }: Watched): Promise<boolean> {
    try {
      if (!(await mayStay())) {
        socket.destroy();
      }
      return true;
    } catch (thrown) {
      const error = asDatabaseError(coerceError(thrown));
      this.#log.warn({ err: error }, 'who reads a stream could not be checked');
      return !(error instanceof AppError && error.dependency);
    }
  }
}
