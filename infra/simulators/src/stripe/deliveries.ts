import Stripe from 'stripe';
import type { Weather } from '../http/weather.ts';
import { postWebhook, WebhookCourier } from '../http/webhook-courier.ts';
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

/** What happened, kept for events.list, and sent to every endpoint until it says 2xx. */
export class Deliveries {
  readonly events: StoredEvent[] = [];
  readonly #courier: WebhookCourier;
  #targets: readonly (WebhookTarget & { readonly rolledSecret?: string })[];

  constructor(targets: readonly WebhookTarget[], weather: () => Weather) {
    this.#targets = targets;
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
  rollSecrets(secret: string): void {
    this.#targets = this.#targets.map((target) => ({
      url: target.url,
      secret,
      rolledSecret: target.secret,
    }));
  }

  expireRolledSecrets(): void {
    this.#targets = this.#targets.map(({ url, secret }) => ({ url, secret }));
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
      this.#courier.plan(async () => await this.deliver(stored, target));
    }
    return event;
  }

  /** One delivery, signed at this moment as each of Stripe's retries is. */
  async deliver(
    stored: StoredEvent,
    target: WebhookTarget & { readonly rolledSecret?: string },
  ): Promise<boolean> {
    const payload = JSON.stringify(stored.event, null, 2);
    const isTaken = await postWebhook(target.url, payload, {
      'content-type': 'application/json; charset=utf-8',
      'user-agent': 'Stripe/1.0 (+https://stripe.com/docs/webhooks)',
      'stripe-signature': signatureHeader(payload, target),
    });
    stored.delivered ||= isTaken;
    return isTaken;
  }

  /** Sends an event again to every endpoint now, so often and at once. */
  async redeliver(stored: StoredEvent, times: number): Promise<number> {
    const sends = Array.from({ length: times }, () =>
      this.#targets.map(async (target) => await this.deliver(stored, target)),
    );
    const outcomes = await Promise.all(sends.flat());
    return outcomes.filter(Boolean).length;
  }

  close(): void {
    this.#courier.close();
  }
}

function signatureHeader(
  payload: string,
  target: { readonly secret: string; readonly rolledSecret?: string },
): string {
  const timestamp = nowSeconds();
  const sign = (secret: string) =>
    Stripe.webhooks.generateTestHeaderString({ payload, secret, timestamp });
  const rolled = target.rolledSecret;
  return rolled === undefined
    ? sign(target.secret)
    : `${sign(target.secret)},${sign(rolled).replace(/^t=\d+,/, '')}`;
}
