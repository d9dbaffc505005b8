import { randomUUIDv7 } from 'node:crypto';
import type { Transaction } from '@liventix/shared/db';
import { z } from 'zod';
import { enqueue } from '#outbox/outbox-repository';

/** Tells the owner of a wallet what entered it, with the token that opens it. Once an entry. */
export async function oweCreditMail(
  tx: Transaction,
  { entryId }: { readonly entryId: string },
): Promise<void> {
  const { rows } = await tx.raw(
    `insert into emails (id, organization_id, order_id, wallet_id, kind, dedupe_key, recipient, facts)
     select :id, w.organization_id, e.order_id, w.id, 'wallet_credit', 'wallet_credit/' || e.id,
            w.owner_email,
            jsonb_build_object(
              'amountCents', e.amount_cents, 'balanceCents', w.balance_cents,
              'currency', w.currency,
              'orderNumber', (select o.number from orders o where o.id = e.order_id),
              'isCancelled', coalesce((select o.status = 'cancelled' from orders o
                                        where o.id = e.order_id), false))
       from wallet_entries e
       join wallets w on w.id = e.wallet_id
      where e.id = :entryId and w.owner_email is not null
     on conflict (dedupe_key) do nothing
     returning id`,
    { id: randomUUIDv7(), entryId },
  );
  await send(tx, rows);
}

/** Mails the owner the token of their wallet again, under its lock. Every asking brings one. */
export async function oweTokenMail(
  tx: Transaction,
  { walletId }: { readonly walletId: string },
): Promise<boolean> {
  const { rows } = await tx.raw(
    `insert into emails (id, organization_id, wallet_id, kind, dedupe_key, recipient, facts)
     select :id, organization_id, id, 'wallet_credit', 'wallet_credit/token/' || :id::text,
            owner_email,
            jsonb_build_object('amountCents', 0, 'balanceCents', balance_cents,
                               'currency', currency, 'orderNumber', null)
       from (select * from wallets where id = :walletId for no key update) w
      where owner_email is not null
     returning id`,
    { id: randomUUIDv7(), walletId },
  );
  return await send(tx, rows);
}

async function send(tx: Transaction, rows: unknown): Promise<boolean> {
  const [owed] = z.array(z.object({ id: z.uuid() })).parse(rows);
  if (owed === undefined) {
    return false;
  }
  await enqueue(tx, 'email.send', { emailId: owed.id });
  return true;
}

const mailWalletRow = z.object({
  id: z.uuid(),
  tokenVersion: z.int(),
  locale: z.string(),
  organizationName: z.string(),
});
export type MailWallet = z.output<typeof mailWalletRow>;

/** The wallet that a mail is about. */
export async function findMailWallet(
  tx: Transaction,
  emailId: string,
): Promise<MailWallet | undefined> {
  const { rows } = await tx.raw(
    `select w.id, w.token_version as "tokenVersion", w.locale, g.name as "organizationName"
       from emails e
       join wallets w on w.id = e.wallet_id
       join organizations g on g.id = w.organization_id
      where e.id = :emailId`,
    { emailId },
  );
  return mailWalletRow.optional().parse(rows[0]);
}
