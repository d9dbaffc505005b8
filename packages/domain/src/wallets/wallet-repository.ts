import { randomUUIDv7 } from 'node:crypto';
import type { Executor, Transaction } from '@liventix/shared/db';
import { z } from 'zod';
import { buyerKey } from '#buyers/address';
import type { Wallet } from './wallet.ts';

const walletRow = z.object({
  id: z.uuid(),
  organizationId: z.uuid(),
  kind: z.enum(['buyer', 'organization']),
  ownerEmail: z.string().nullable(),
  locale: z.string(),
  currency: z.string(),
  balanceCents: z.int(),
  escrowCents: z.int(),
  tokenVersion: z.int(),
  createdAt: z.date(),
}) satisfies z.ZodType<Wallet>;

const columns = `id, organization_id as "organizationId", kind, owner_email as "ownerEmail", locale,
  currency, balance_cents as "balanceCents", escrow_cents as "escrowCents",
  token_version as "tokenVersion", created_at as "createdAt"`;

export async function findWallet(
  executor: Executor,
  walletId: string,
): Promise<Wallet | undefined> {
  const { rows } = await executor.raw(`select ${columns} from wallets where id = :walletId`, {
    walletId,
  });
  return walletRow.optional().parse(rows[0]);
}

/**
 * Locks wallets by id, then reads them as of after the wait: who spends or fills one waits for the
 * others who do. After the claims of an order, before its payments.
 */
export async function lockWallets(
  tx: Transaction,
  walletIds: readonly string[],
): Promise<ReadonlyMap<string, Wallet>> {
  const { rows } = await tx.raw(
    `select ${columns} from wallets where id = any (:ids::uuid[]) order by id for no key update`,
    { ids: [...walletIds] },
  );
  return new Map(
    z
      .array(walletRow)
      .parse(rows)
      .map((wallet) => [wallet.id, wallet]),
  );
}

export async function lockWallet(tx: Transaction, walletId: string): Promise<Wallet | undefined> {
  return (await lockWallets(tx, [walletId])).get(walletId);
}

/** Whose wallet it is: a person's, by where they are written to, or the organization's own. */
export type WalletOwner =
  | { readonly kind: 'buyer'; readonly email: string }
  | { readonly kind: 'organization'; readonly email: string | null };

/** The wallet of this owner in this currency, opened when there is none. Returns its id. */
export async function openWallet(
  tx: Transaction,
  of: {
    readonly organizationId: string;
    readonly currency: string;
    readonly locale: string;
    readonly owner: WalletOwner;
  },
): Promise<string> {
  const { organizationId, currency, locale, owner } = of;
  const subject = {
    organizationId,
    currency,
    kind: owner.kind,
    ownerKey: owner.kind === 'buyer' ? buyerKey(owner.email) : null,
  };
  await tx.raw(
    `insert into wallets (id, organization_id, kind, owner_key, owner_email, locale, currency)
     values (:id, :organizationId, :kind, :ownerKey, :email, :locale, :currency)
     on conflict do nothing`,
    { id: randomUUIDv7(), ...subject, email: owner.email, locale },
  );
  const { rows } = await tx.raw(
    `select id from wallets
      where organization_id = :organizationId and currency = :currency and kind = :kind
        and owner_key is not distinct from :ownerKey`,
    subject,
  );
  return z.object({ id: z.uuid() }).parse(rows[0]).id;
}

/** Wallets of an organization, newest first; of one person when an address is named. */
export async function listWallets(
  executor: Executor,
  of: {
    readonly organizationId: string;
    readonly email?: string | undefined;
    readonly kind?: Wallet['kind'] | undefined;
    readonly before?: string | undefined;
    readonly limit: number;
  },
): Promise<Wallet[]> {
  const { organizationId, email, kind, before, limit } = of;
  const { rows } = await executor.raw(
    `select ${columns} from wallets
      where organization_id = :organizationId
        and (:ownerKey::text is null or owner_key = :ownerKey)
        and (:kind::text is null or kind = :kind)
        and (:before::uuid is null or id < :before)
      order by id desc
      limit :limit`,
    {
      organizationId,
      ownerKey: email === undefined ? null : buyerKey(email),
      kind: kind ?? null,
      before: before ?? null,
      limit,
    },
  );
  return z.array(walletRow).parse(rows);
}

const entryRow = z.object({
  id: z.uuid(),
  kind: z.enum(['refund', 'grant', 'credits', 'passed_on', 'escrowed', 'given_back']),
  amountCents: z.int(),
  invoice: z.string().nullable(),
  orderId: z.uuid().nullable(),
  orderNumber: z.string().nullable(),
  reason: z.string().nullable(),
  at: z.date(),
});
export type WalletEntry = z.output<typeof entryRow>;

/** The newest entries of a wallet, newest first. */
export async function listWalletEntries(
  executor: Executor,
  of: { readonly walletId: string; readonly limit: number },
): Promise<WalletEntry[]> {
  const { rows } = await executor.raw(
    `select e.id, e.kind, e.amount_cents as "amountCents", e.invoice, e.order_id as "orderId",
            o.number as "orderNumber", e.reason, e.at
       from wallet_entries e
       left join orders o on o.id = e.order_id
      where e.wallet_id = :walletId
      order by e.at desc, e.id desc
      limit :limit`,
    of,
  );
  return z.array(entryRow).parse(rows);
}

/** Makes every token of a wallet worthless: the next mail brings another. */
export async function revokeWalletTokens(tx: Transaction, walletId: string): Promise<void> {
  await tx.raw('update wallets set token_version = token_version + 1 where id = :walletId', {
    walletId,
  });
}
