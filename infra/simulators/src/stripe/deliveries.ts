import Stripe from 'stripe';
import type { Weather } from '../http/weather.ts';
import { postWebhook, WebhookCourier } from '../http/webhook-courier.ts';
import { nowSeconds, stripeId } from './ids.ts';

export interface WebhookTarget {
  readonly url: string;
  readonly secret: string;
}

/** An endpoint as it is now. */
interface Endpoint extends WebhookTarget {
  /** The secret before the last roll: it signs as well until then, in milliseconds. */
  readonly rolled?: { readonly secret: string; readonly until: number };
}

export interface StoredEvent {
  readonly event: Stripe.Event;
  /** Endpoints, by their number, that have not said 2xx to it yet. */
  readonly pending: Set<number>;
}

/** The call that made something happen; what people do on pages has none. */
export interface Cause {
  readonly requestId: string | null;
  readonly idempotencyKey: string | null;
}

export const byPerson: Cause = { requestId: null, idempotencyKey: null };

/** Events about a payment intent and its charges and refunds, by the ids recorded from Stripe. */
const ofPayments = /^(payment_intent|refund|charge(?!\.dispute))\b/;

const apiVersion = '2026-10-28.endive';
const attemptsMax = 40;

/** What happened, kept for events.list, and sent to every endpoint until it says 2xx. */
export class Deliveries {
  readonly events: StoredEvent[] = [];
  readonly #courier: WebhookCourier;
  #endpoints: readonly Endpoint[];

  constructor(targets: readonly WebhookTarget[], weather: () => Weather) {
    this.#endpoints = targets;
    this.#courier = new WebhookCourier({
      weather,
      attemptsMax,
      retryAfterMs: (attempt) => Math.min(250 * 2 ** attempt, 15_000),
    });
  }

  /**
   * Rolls the signing secret of every endpoint. Until the old one is expired, deliveries carry a
   * signature by each (docs.stripe.com/webhooks#roll-endpoint-secrets).
   */
  rollSecrets(secret: string, oldKeptMs = Number.POSITIVE_INFINITY): void {
    const until = Date.now() + oldKeptMs;
    this.#endpoints = this.#endpoints.map(({ url, secret: old }) => ({
      url,
      secret,
      rolled: { secret: old, until },
    }));
  }

  expireRolledSecrets(): void {
    this.#endpoints = this.#endpoints.map(({ url, secret }) => ({ url, secret }));
  }

  /** Records an event about an object as it is now, and sends it on. */
  emit(
    type: string,
    object: object,
    more: { previous?: object; cause?: Cause } = {},
  ): Stripe.Event {
    const { requestId, idempotencyKey } = more.cause ?? byPerson;
    const event = {
      id: stripeId(ofPayments.test(type) ? 'evt_3' : 'evt_1'),
      object: 'event',
      api_version: apiVersion,
      created: nowSeconds(),
      data: {
        object: structuredClone(object),
        ...(more.previous && { previous_attributes: more.previous }),
      },
      livemode: 'livemode' in object && object.livemode === true,
      pending_webhooks: this.#endpoints.length,
      request: { id: requestId, idempotency_key: idempotencyKey },
      type,
    } as Stripe.Event;
    const stored = { event, pending: new Set(this.#endpoints.keys()) };
    this.events.push(stored);
    for (const index of this.#endpoints.keys()) {
      this.#courier.plan(async () => await this.#deliver(stored, index));
    }
    return event;
  }

  /** One delivery, signed at this moment and by the secrets of this moment, as each retry is. */
  async #deliver(stored: StoredEvent, index: number): Promise<boolean> {
    const endpoint = this.#endpoints[index];
    if (endpoint === undefined) {
      return true;
    }
    const payload = JSON.stringify(stored.event, null, 2);
    const isTaken = await postWebhook(endpoint.url, payload, {
      'content-type': 'application/json; charset=utf-8',
      'user-agent': 'Stripe/1.0 (+https://stripe.com/docs/webhooks)',
      'stripe-signature': signatureHeader(payload, endpoint),
    });
    if (isTaken) {
      stored.pending.delete(index);
      stored.event.pending_webhooks = stored.pending.size;
    }
    return isTaken;
  }

  /** Sends an event again to every endpoint now, so often and at once. */
  async redeliver(stored: StoredEvent, times: number): Promise<number> {
    const sends = Array.from({ length: times }, () =>
      this.#endpoints.map(async (_endpoint, index) => await this.#deliver(stored, index)),
    );
    const outcomes = await Promise.all(sends.flat());
    return outcomes.filter(Boolean).length;
  }

  close(): void {
    this.#courier.close();
  }
}

function signatureHeader(payload: string, { secret, rolled }: Endpoint): string {
  const timestamp = nowSeconds();
  const sign = (by: string) =>
    Stripe.webhooks.generateTestHeaderString({ payload, secret: by, timestamp });
  return rolled === undefined || rolled.until <= Date.now()
    ? sign(secret)
    : `${sign(secret)},${sign(rolled.secret).replace(/^t=\d+,/, '')}`;
}
