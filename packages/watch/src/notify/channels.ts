import type { Untold } from '@liventix/domain/alerts/alert-repository';
import { AppError } from '@liventix/shared/errors';
import { Resend } from 'resend';
import type { WatchConfig } from '#config';

/** What people are told of. */
export type Alert = Untold;

/** One way to tell people. It throws when it could not, within five seconds. */
export type Channel = (alert: Alert) => Promise<void>;

const timeoutMs = 5_000;

/** The ways that the environment names. */
export function createChannels(config: WatchConfig): Channel[] {
  const { ALERT_WEBHOOK_URL: webhook, ALERT_MAIL_TO: recipient, RESEND_API_KEY: key } = config;
  return [
    ...(webhook === undefined ? [] : [createWebhook(webhook, config)]),
    ...(recipient === undefined || key === undefined
      ? []
      : [createMail({ ...config, key, recipient })]),
  ];
}

function createWebhook(url: string, config: WatchConfig): Channel {
  return async (alert) => {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ text: textOf(alert, config) }),
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    });
    await response.arrayBuffer();
    if (!response.ok) {
      throw untold(`the webhook for alerts answered ${response.status}`);
    }
  };
}

/** Straight to Resend: what is broken may be the way that mails of ours go. */
function createMail(
  to: WatchConfig & { readonly key: string; readonly recipient: string },
): Channel {
  const resend = new Resend(to.key, {
    ...(to.RESEND_API_URL !== undefined && { baseUrl: to.RESEND_API_URL }),
  });
  return async (alert) => {
    const sending = resend.emails.send(
      {
        from: to.MAIL_FROM,
        to: to.recipient,
        subject: titleOf(alert),
        text: textOf(alert, to),
      },
      { idempotencyKey: `alert/${alert.id}/${alert.state}` },
    );
    const { error } = await withinTime(sending);
    if (error !== null) {
      throw untold(`the mail about an alert was not taken: ${error.name}`);
    }
  };
}

async function withinTime<Result>(work: Promise<Result>): Promise<Result> {
  const late = AbortSignal.timeout(timeoutMs);
  return await Promise.race([
    work,
    new Promise<never>((_resolve, reject) => {
      late.addEventListener('abort', () => reject(untold('Resend did not answer in time')));
    }),
  ]);
}

function titleOf({ name, state, severity }: Alert): string {
  return state === 'firing' ? `[${severity}] ${name}` : `[cleared] ${name}`;
}

function textOf(alert: Alert, { CONSOLE_URL: console }: WatchConfig): string {
  const where = console === undefined ? '' : `\n${console}`;
  return alert.state === 'firing'
    ? `${titleOf(alert)}: ${alert.summary}\nWhat to do: ${alert.runbook}${where}`
    : `${titleOf(alert)}: it is over.`;
}

function untold(message: string): AppError {
  return new AppError('alert.untold', { message, retry: 'transient', dependency: true });
}
