import type { OrderStory } from '@liventix/domain/orders/story';
import { formatMoney } from '@liventix/shared/money';

/** One thing that happened to an order. */
export interface Moment {
  /** ISO 8601. */
  readonly at: string;
  readonly from: 'hold' | 'payment' | 'webhook' | 'job' | 'mail' | 'refund' | 'door' | 'people';
  readonly what: string;
  readonly more?: string | undefined;
  readonly tone: 'plain' | 'good' | 'bad';
  /** What brings it back to work, where it stopped. */
  readonly replay?: { readonly messageId: string };
  /** W3C trace id. */
  readonly trace?: string | undefined;
}

type Part<Name extends keyof OrderStory> = OrderStory[Name][number];

/** The story of an order as one list, oldest first. */
export function toTimeline(story: OrderStory): Moment[] {
  const moments = [
    ...story.holds.flatMap(holdMoments),
    ...story.attempts.flatMap(attemptMoments),
    ...story.payments.map(paymentMoment),
    ...story.events.map(eventMoment),
    ...story.mail_events.map(mailEventMoment),
    ...story.messages.flatMap(jobMoments),
    ...story.emails.flatMap(mailMoments),
    ...story.refunds.flatMap(refundMoments),
    ...story.disputes.map(disputeMoment),
    ...story.transfers.map(transferMoment),
    ...story.scans.map(scanMoment),
    ...story.incidents.flatMap(incidentMoments),
    ...story.acts.map(actMoment),
  ];
  return moments.sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
}

function holdMoments({ created_at: at, ended_at: ended, status }: Part<'holds'>): Moment[] {
  const begun: Moment = { at, from: 'hold', what: 'Seats held', tone: 'plain' };
  const words: Readonly<Record<string, string>> = {
    converted: 'Seats became tickets',
    released: 'Seats given back',
    expired: 'Hold expired, seats free',
  };
  const what = words[status];
  return ended === null || what === undefined
    ? [begun]
    : [begun, { at: ended, from: 'hold', what, tone: status === 'converted' ? 'good' : 'plain' }];
}

function attemptMoments(attempt: Part<'attempts'>): Moment[] {
  const { session_id: session, state, closed_at: closed } = attempt;
  const opened: Moment = {
    at: attempt.created_at,
    from: 'payment',
    what: session === null ? 'Payment page asked for' : 'Payment page opened',
    more: session ?? undefined,
    tone: 'plain',
  };
  const ended: Moment[] =
    closed === null
      ? []
      : [
          {
            at: closed,
            from: 'payment',
            what: `Payment page ${state.replaceAll('_', ' ')}`,
            more: session ?? undefined,
            tone: state === 'failed' ? 'bad' : 'plain',
          },
        ];
  return [opened, ...ended];
}

function paymentMoment(payment: Part<'payments'>): Moment {
  const { disposition, disposition_reason: why } = payment;
  return {
    at: payment.created_at,
    from: 'payment',
    what: `Payment of ${moneyOf(payment)} taken for ${disposition}`,
    more: [payment.provider_id, why].filter((part) => part !== null).join(' · '),
    tone: disposition === 'tickets' ? 'good' : 'bad',
  };
}

function eventMoment(event: Part<'events'>): Moment {
  const way = event.source === 'poll' ? 'read from Stripe' : 'webhook';
  return webhookMoment(event, `${event.type} (${way})`);
}

function mailEventMoment(event: Part<'mail_events'>): Moment {
  return webhookMoment(event, `${event.type} (webhook of Resend)`);
}

function webhookMoment(event: Part<'events'> | Part<'mail_events'>, what: string): Moment {
  const state = event.processed_at === null ? ' · waits' : '';
  return {
    at: event.received_at,
    from: 'webhook',
    what,
    more: `${event.id}${state}${event.error === null ? '' : ` · ${event.error}`}`,
    tone: event.error === null ? 'plain' : 'bad',
  };
}

function jobMoments(message: Part<'messages'>): Moment[] {
  const { name, dead_at: dead, done_at: done } = message;
  const trace = /^00-([0-9a-f]{32})-/.exec(message.trace ?? '')?.[1];
  const asked: Moment = {
    at: message.created_at,
    from: 'job',
    what: `${name} asked of ${message.queue}`,
    tone: 'plain',
    trace,
  };
  const tries = message.attempts.map((attempt) => tryMoment(name, attempt));
  if (dead !== null) {
    const more = message.error ?? undefined;
    const replay = { messageId: message.id };
    const given: Moment = {
      at: dead,
      from: 'job',
      what: `${name} given up`,
      more,
      tone: 'bad',
      replay,
    };
    return [asked, ...tries, given];
  }
  const end: Moment[] =
    done === null ? [] : [{ at: done, from: 'job', what: `${name} done`, tone: 'good' }];
  return [asked, ...tries, ...end];
}

const tryWords = { failed: 'failed', waiting: 'waits', lost: 'was lost' } as const;

function tryMoment(name: string, tried: Part<'messages'>['attempts'][number]): Moment {
  const number = tried.attempt === null ? '' : `, start ${tried.attempt}`;
  const more = tried.times === 1 ? '' : ` · ${tried.times} times until ${tried.last_at}`;
  return {
    at: tried.at,
    from: 'job',
    what: `${name} ${tryWords[tried.outcome]}${number}`,
    more: `${tried.error}${more}`,
    tone: 'bad',
  };
}

function mailMoments(mail: Part<'emails'>): Moment[] {
  const kind = mail.kind.replaceAll('_', ' ');
  const isLost = ['bounced', 'complained', 'failed', 'suppressed'].includes(mail.status);
  const sent: Moment = {
    at: mail.sent_at ?? mail.created_at,
    from: 'mail',
    what: mail.sent_at === null ? `Mail ${mail.status}: ${kind}` : `Mail sent: ${kind}`,
    more: mail.error ?? mail.provider_id ?? undefined,
    tone: mail.sent_at === null && isLost ? 'bad' : 'plain',
  };
  const at = mail.delivered_at ?? mail.sent_at ?? mail.created_at;
  if (isLost && mail.sent_at !== null) {
    const more = mail.fate_reason ?? undefined;
    return [sent, { at, from: 'mail', what: `Mail ${mail.status}: ${kind}`, more, tone: 'bad' }];
  }
  return mail.delivered_at === null
    ? [sent]
    : [sent, { at, from: 'mail', what: `Mail arrived: ${kind}`, tone: 'good' }];
}

function refundMoments(refund: Part<'refunds'>): Moment[] {
  const asked: Moment = {
    at: refund.created_at,
    from: 'refund',
    what: `Refund of ${moneyOf(refund)} asked for`,
    more: refund.reason,
    tone: 'plain',
  };
  if (refund.ended_at === null) {
    return [asked];
  }
  const isGood = refund.status === 'succeeded';
  const what = `Refund of ${moneyOf(refund)} ${refund.status}`;
  const more = refund.failure ?? undefined;
  return [
    asked,
    { at: refund.ended_at, from: 'refund', what, more, tone: isGood ? 'good' : 'bad' },
  ];
}

function disputeMoment(dispute: Part<'disputes'>): Moment {
  return {
    at: dispute.created_at,
    from: 'refund',
    what: `The bank disputes ${moneyOf(dispute)}: ${dispute.phase}`,
    more: `${dispute.id} · ${dispute.reason}`,
    tone: 'bad',
  };
}

function transferMoment({ created_at: at, serial, state }: Part<'transfers'>): Moment {
  return { at, from: 'people', what: `Ticket ${serial} passed on: ${state}`, tone: 'plain' };
}

function scanMoment(scan: Part<'scans'>): Moment {
  const undone = scan.undone_at === null ? '' : ', undone';
  return {
    at: scan.at,
    from: 'door',
    what: `Ticket ${scan.serial} ${scan.outcome.replaceAll('_', ' ')}${undone}`,
    more: `${scan.gate}, ${scan.direction}`,
    tone: scan.outcome === 'admitted' || scan.outcome === 'left' ? 'good' : 'bad',
  };
}

function incidentMoments(incident: Part<'incidents'>): Moment[] {
  const { opened_at: at, resolved_at: resolved, kind, message: more } = incident;
  const opened: Moment = { at, from: 'people', what: `Incident ${kind}`, more, tone: 'bad' };
  return resolved === null
    ? [opened]
    : [opened, { at: resolved, from: 'people', what: `Incident ${kind} closed`, tone: 'good' }];
}

function actMoment(act: Part<'acts'>): Moment {
  const who = act.actor ?? (act.actor_type === 'buyer' ? 'The buyer' : act.actor_id);
  const said = Object.entries(act.details ?? {}).map(
    ([name, value]) => `${name}: ${typeof value === 'object' ? JSON.stringify(value) : value}`,
  );
  const more = [who, ...said].join(' · ');
  return { at: act.at, from: 'people', what: act.action, more, tone: 'plain' };
}

function moneyOf(of: { readonly amount_cents: number; readonly currency: string }): string {
  return formatMoney(of.amount_cents, of.currency, 'en');
}
