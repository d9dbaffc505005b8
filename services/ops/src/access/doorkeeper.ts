import type { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import { coerceError } from '@liventix/shared/errors';
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
    const leave = (): void => {
      this.#inside.delete(watched);
      socket.off('close', leave);
      until.off('close', leave);
    };
    this.#inside.add(watched);
    // An answer that waits for another's end is never closed if its socket is before.
    socket.once('close', leave);
    until.once('close', leave);
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
    try {
      for (const { socket, mayStay } of this.#inside) {
        if (!(await mayStay())) {
          socket.destroy();
        }
      }
    } catch (error) {
      // The database is away, from which all of them read: the next round begins with the first again.
      this.#log.warn({ err: coerceError(error) }, 'readers of streams could not be checked');
    }
    this.#arm();
  }
}
