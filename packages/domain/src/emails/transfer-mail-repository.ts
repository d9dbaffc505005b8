import { randomUUIDv7 } from 'node:crypto';
import type { Transaction } from '@liventix/shared/db';
import { z } from 'zod';
import { enqueue } from '#outbox/outbox-repository';

export type TransferMailKind = 'transfer_offered' | 'transfer_accepted' | 'ticket_received';

/** To whom each is: an offer and what was received to who gets it, the news of it to who gave it. */
const recipients = {
  transfer_offered: 'x.to_email',
  ticket_received: 'x.to_email',
  transfer_accepted: 'x.from_email',
} as const;

/** Owes a mail about a transfer, once. */
export async function oweTransferMail(
  tx: Transaction,
  mail: { readonly transferId: string; readonly kind: TransferMailKind },
): Promise<void> {
  const recipient = recipients[mail.kind];
  const { rows } = await tx.raw(
    `insert into emails (id, organization_id, transfer_id, kind, dedupe_key, recipient)
     select :id, k.organization_id, x.id, :kind, :kind::text || '/' || x.id, ${recipient}
       from transfers x
       join tickets k on k.id = x.ticket_id
      where x.id = :transferId and ${recipient} is not null
     on conflict (dedupe_key) do nothing
     returning id`,
    { id: randomUUIDv7(), ...mail },
  );
  const [owed] = z.array(z.object({ id: z.uuid() })).parse(rows);
  if (owed !== undefined) {
    await enqueue(tx, 'email.send', { emailId: owed.id });
  }
}

const mailTransferRow = z.object({
  transferId: z.uuid(),
  ticketId: z.uuid(),
  tokenVersion: z.int(),
  fromName: z.string().nullable(),
  toName: z.string().nullable(),
  tierName: z.string(),
  serial: z.int(),
  expiresAt: z.date(),
  /** Whether who got the ticket by it has it still. */
  isCurrent: z.boolean(),
  eventTitle: z.string(),
  locale: z.string(),
  venue: z.string(),
  startsAt: z.date(),
  timezone: z.string(),
});
export type MailTransfer = z.output<typeof mailTransferRow>;

/** The transfer a mail is about, with its ticket and event. */
export async function findMailTransfer(
  tx: Transaction,
  emailId: string,
): Promise<MailTransfer | undefined> {
  const { rows } = await tx.raw(
    `select x.id as "transferId", k.id as "ticketId", k.token_version as "tokenVersion",
            x.from_name as "fromName", x.to_name as "toName", t.name as "tierName", k.serial,
            x.expires_at as "expiresAt",
            not exists (select 1 from transfers l
                         where l.ticket_id = k.id and l.state = 'accepted' and l.id <> x.id
                           and (l.ended_at, l.id) > (x.ended_at, x.id)) as "isCurrent",
            e.title as "eventTitle", e.locale, e.venue,
            e.starts_at as "startsAt", e.timezone
       from emails m
       join transfers x on x.id = m.transfer_id
       join tickets k on k.id = x.ticket_id
       join ticket_tiers t on t.id = k.tier_id
       join events e on e.id = k.event_id
      where m.id = :emailId`,
    { emailId },
  );
  return mailTransferRow.optional().parse(rows[0]);
}
