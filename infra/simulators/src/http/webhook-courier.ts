import { fineDay, strikes, type Weather } from './weather.ts';

export interface CourierOptions {
  readonly weather: () => Weather;
  /** Milliseconds before each further attempt, by the number of the attempt that failed. */
  readonly retryAfterMs: (attempt: number) => number;
  readonly attemptsMax: number;
}

/** Carries webhooks as the weather lets it: some lost, doubled, late or out of order. */
export class WebhookCourier {
  readonly #options: CourierOptions;
  readonly #timers = new Set<NodeJS.Timeout>();
  #isClosed = false;

  constructor(options: CourierOptions) {
    this.#options = options;
  }

  /** Sends until the receiver says 2xx: `send` returns whether it did. */
  plan(send: () => Promise<boolean>): void {
    const { webhooks } = this.#options.weather() ?? fineDay;
    if (strikes(webhooks.drop_rate)) {
      return;
    }
    for (let copy = 0; copy <= webhooks.duplicates; copy += 1) {
      const shuffle = webhooks.reorder ? Math.random() * 1_000 : 0;
      this.later(webhooks.delay_ms + shuffle, async () => await this.#attempt(send, 1));
    }
  }

  async #attempt(send: () => Promise<boolean>, attempt: number): Promise<void> {
    if (!(await send()) && attempt < this.#options.attemptsMax) {
      this.later(
        this.#options.retryAfterMs(attempt),
        async () => await this.#attempt(send, attempt + 1),
      );
    }
  }

  later(ms: number, work: () => Promise<void>): void {
    if (this.#isClosed) {
      return;
    }
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      work().catch(() => undefined);
    }, ms);
    this.#timers.add(timer);
  }

  close(): void {
    this.#isClosed = true;
    for (const timer of this.#timers) {
      clearTimeout(timer);
    }
  }
}

/** Posts a webhook. Whether the receiver took it: anything but 2xx in ten seconds is a no. */
export async function postWebhook(
  url: string,
  body: string,
  headers: Readonly<Record<string, string>>,
): Promise<boolean> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      body,
      headers,
      signal: AbortSignal.timeout(10_000),
    });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}
