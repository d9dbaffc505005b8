import Stripe from 'stripe';
import { fineDay, strikes, type Weather } from '../http/weather.ts';
import { nowSeconds, stripeId } from './ids.ts';

export interface WebhookTarget {
  readonly url: string;
  readonly secret: string;
}

export interface StoredEvent {
  readonly event: Stripe.Event;
  /** Whether every endpoint has said 2xx to it. */
  delivered: boolean;
}

const apiVersion = '2026-10-28.endive';
const attemptsMax = 40;
const answerTimeoutMs = 10_000;

/** What happened, kept for events.list, and sent to every endpoint until it says 2xx. */
export class Deliveries {
  readonly events: StoredEvent[] = [];
  readonly #targets: readonly WebhookTarget[];
  readonly #weather: () => Weather;
  readonly #timers = new Set<NodeJS.Timeout>();
  #isClosed = false;

  constructor(targets: readonly WebhookTarget[], weather: () => Weather) {
    this.#targets = targets;
    this.#weather = weather;
  }

  /** Records an event about an object as it is now, and sends it on. */
  emit(
    type: string,
    object: object,
    more: { previous?: object; requestId?: string | null; account?: string } = {},
  ): Stripe.Event {
    const event = {
      id: stripeId(
        type.startsWith('payment_intent') || type.startsWith('charge') ? 'evt_3' : 'evt_1',
      ),
      object: 'event',
      api_version: apiVersion,
      created: nowSeconds(),
      data: {
        object: structuredClone(object),
        ...(more.previous && { previous_attributes: more.previous }),
      },
      livemode: 'livemode' in object && object.livemode === true,
      pending_webhooks: this.#targets.length,
      request: { id: more.requestId ?? null, idempotency_key: null },
      type,
    } as Stripe.Event;
    const stored = { event, delivered: this.#targets.length === 0 };
    this.events.push(stored);
    for (const target of this.#targets) {
      this.#plan(stored, target);
    }
    return event;
  }

  #plan(stored: StoredEvent, target: WebhookTarget): void {
    const { webhooks } = this.#weather() ?? fineDay;
    if (strikes(webhooks.drop_rate)) {
      return;
    }
    for (let copy = 0; copy <= webhooks.duplicates; copy += 1) {
      const shuffle = webhooks.reorder ? Math.random() * 1_000 : 0;
      this.#later(webhooks.delay_ms + shuffle, async () => await this.#send(stored, target, 1));
    }
  }

  async #send(stored: StoredEvent, target: WebhookTarget, attempt: number): Promise<void> {
    if (await this.deliver(stored, target)) {
      return;
    }
    if (attempt < attemptsMax) {
      const waitMs = Math.min(250 * 2 ** attempt, 15_000);
      this.#later(waitMs, async () => await this.#send(stored, target, attempt + 1));
    }
  }

  /** One delivery, signed at this moment as each of Stripe's retries is. */
  async deliver(stored: StoredEvent, target: WebhookTarget): Promise<boolean> {
    const payload = JSON.stringify(stored.event, null, 2);
    try {
      const response = await fetch(target.url, {
        method: 'POST',
        body: payload,
        headers: {
          'content-type': 'application/json; charset=utf-8',
          'user-agent': 'Stripe/1.0 (+https://stripe.com/docs/webhooks)',
          'stripe-signature': Stripe.webhooks.generateTestHeaderString({
            payload,
            secret: target.secret,
          }),
        },
        signal: AbortSignal.timeout(answerTimeoutMs),
      });
      await response.arrayBuffer();
      stored.delivered ||= response.ok;
      return response.ok;
    } catch {
      return false;
    }
  }

  /** Sends an event again to every endpoint now, so often and at once. */
  async redeliver(stored: StoredEvent, times: number): Promise<number> {
    const sends = Array.from({ length: times }, () =>
      this.#targets.map(async (target) => await this.deliver(stored, target)),
    );
    const outcomes = await Promise.all(sends.flat());
    return outcomes.filter(Boolean).length;
  }

  #later(ms: number, work: () => Promise<void>): void {
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
