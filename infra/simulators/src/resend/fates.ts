import { randomUUID } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import type { Weather } from '../http/weather.ts';
import { postWebhook, WebhookCourier } from '../http/webhook-courier.ts';
import type { Mail } from './mails.ts';

/** What can become of a mail, as Resend's webhooks name it (`email.` before it). */
export const fates = [
  'sent',
  'delivered',
  'delivery_delayed',
  'bounced',
  'complained',
  'failed',
  'suppressed',
  'opened',
  'clicked',
] as const;
export type Fate = (typeof fates)[number];

/** What the test addresses of Resend do, labels and all (resend.com/docs/dashboard/emails/send-test-emails). */
const destinies: Readonly<Record<string, readonly Fate[]>> = {
  delivered: ['delivered'],
  bounced: ['bounced'],
  complained: ['delivered', 'complained'],
  suppressed: ['suppressed'],
};

export interface FateOptions {
  /** Where events go; none is sent without. */
  readonly webhook: { readonly url: string; readonly secret: string } | undefined;
  readonly weather: () => Weather;
  /** Milliseconds until a mail reaches its receiver, and between two things that happen to it. */
  readonly stepMs: number;
}

/** Lets things happen to mails and tells the webhook of them. */
export class Fates {
  readonly #options: FateOptions;
  readonly #courier: WebhookCourier;

  constructor(options: FateOptions) {
    this.#options = options;
    this.#courier = new WebhookCourier({
      weather: options.weather,
      attemptsMax: 8,
      retryAfterMs: (attempt) => Math.min(250 * 2 ** attempt, 15_000),
    });
  }

  /** A mail was accepted: it is sent, and then what its address stands for happens. */
  begin(mail: Mail): void {
    this.happen(mail, 'sent');
    const [, name = ''] = /([a-z]+)(?:\+[^@]*)?@resend\.dev>?$/i.exec(mail.body.to[0] ?? '') ?? [];
    for (const [step, fate] of (destinies[name.toLowerCase()] ?? []).entries()) {
      this.#courier.later((step + 1) * this.#options.stepMs, async () => this.happen(mail, fate));
    }
  }

  happen(mail: Mail, fate: Fate): void {
    mail.lastEvent = fate;
    const { webhook } = this.#options;
    if (webhook === undefined) {
      return;
    }
    const id = `msg_${randomUUID().replaceAll('-', '')}`;
    const body = JSON.stringify(eventOf(mail, fate));
    const signer = new Webhook(webhook.secret);
    // Signed at each attempt, under the same id: the receiver knows a delivery by it.
    this.#courier.plan(async () => {
      const at = new Date();
      return await postWebhook(webhook.url, body, {
        'content-type': 'application/json',
        'svix-id': id,
        'svix-timestamp': String(Math.floor(at.getTime() / 1_000)),
        'svix-signature': signer.sign(id, at, body),
      });
    });
  }

  close(): void {
    this.#courier.close();
  }
}

const details: Readonly<Partial<Record<Fate, object>>> = {
  failed: { failed: { reason: 'reached_daily_quota' } },
  suppressed: { suppressed: { type: 'OnAccountSuppressionList', message: 'Bounced before.' } },
  clicked: {
    click: {
      ipAddress: '203.0.113.7',
      link: 'https://liventix.dev',
      timestamp: '2026-01-01T00:00:00.000Z',
      userAgent: 'A browser',
    },
  },
};

/** The payload of a webhook; tags come back as an object. */
function eventOf(mail: Mail, fate: Fate) {
  const { from, to, subject, tags = [] } = mail.body;
  return {
    type: `email.${fate}`,
    created_at: new Date().toISOString(),
    data: {
      email_id: mail.id,
      message_id: `<${mail.id}@resend.dev>`,
      created_at: mail.createdAt,
      from,
      to,
      subject,
      ...(tags.length > 0 && { tags: Object.fromEntries(tags.map((t) => [t.name, t.value])) }),
      ...(fate === 'bounced' && { bounce: bounceOf(to) }),
      ...details[fate],
    },
  };
}

/** Mail servers name the address that they refuse. */
function bounceOf(to: string | readonly string[]) {
  const message = `The mailbox does not exist: 550 5.1.1 <${[to].flat().join(', ')}> user unknown.`;
  return { type: 'Permanent', subType: 'General', message };
}
