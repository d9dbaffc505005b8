import { AppError } from '#errors/errors';

export interface StreamLimits {
  /** Streams of this process; 0 for no limit. */
  readonly total: number;
  /** Streams of one client at this process, where an IPv6 network is one; 0 for no limit. */
  readonly perAddress: number;
}

/** Counts open streams, and refuses those beyond the limits. */
export class Seats {
  readonly #limits: StreamLimits;
  readonly #byAddress = new Map<string, number>();
  #taken = 0;

  constructor(limits: StreamLimits) {
    this.#limits = limits;
  }

  take(address: string): void {
    const { total, perAddress } = this.#limits;
    const own = this.#byAddress.get(address) ?? 0;
    if (total > 0 && this.#taken >= total) {
      throw unavailable('This instance has as many streams as it takes. Try again.');
    }
    if (perAddress > 0 && own >= perAddress) {
      throw new AppError('stream.too_many', {
        message: 'Your address has as many streams open as it may. Close one.',
        retry: 'transient',
        details: { retryAfterS: retryAfterS() },
      });
    }
    this.#taken += 1;
    this.#byAddress.set(address, own + 1);
  }

  leave(address: string): void {
    this.#taken -= 1;
    const own = (this.#byAddress.get(address) ?? 1) - 1;
    if (own === 0) {
      this.#byAddress.delete(address);
    } else {
      this.#byAddress.set(address, own);
    }
  }
}

/** No stream can be opened here now, but soon, or at another instance. */
export function unavailable(message: string): AppError {
  return new AppError('stream.unavailable', {
    message,
    retry: 'transient',
    details: { retryAfterS: retryAfterS() },
  });
}

/** Spread, so that those who were refused together do not come back together. */
function retryAfterS(): number {
  return 2 + Math.floor(Math.random() * 4);
}
