import { z } from 'zod';

const timestamp = z.iso.datetime({ offset: true });
const currency = z.string().regex(/^[a-z]{3}$/, 'three lower-case letters');
const email = z.email().max(254);

/** Body of POST /admin/v1/wallets: a buyer's is theirs by address, the organization has one of its own. */
export const openWalletBody = z
  .union([
    z.strictObject({ kind: z.literal('buyer'), email, currency }),
    /** Its token is mailed to this address. */
    z.strictObject({ kind: z.literal('organization'), email: email.optional(), currency }),
  ])
  .meta({ examples: [{ kind: 'buyer', email: 'delivered@resend.dev', currency: 'eur' }] });
export type OpenWalletBody = z.output<typeof openWalletBody>;

/** Body of POST /admin/v1/wallets/{id}/credits. */
export const creditBody = z
  .strictObject({
    /** Names the money for you, and counts once a wallet: the same again changes nothing. */
    invoice: z.string().regex(/^[A-Za-z0-9._:#-]{1,200}$/, 'letters, digits and . _ : # -'),
    amount_cents: z.int().min(1).max(99_999_999),
    /** A grant of the organization, or its own credits in this currency, as far as it has any. */
    from: z.enum(['grant', 'organization_credits']).default('grant'),
    reason: z.string().trim().min(1).max(100),
  })
  .meta({
    examples: [{ invoice: 'goodwill-17', amount_cents: 1_000, reason: 'The hall was cold.' }],
  });
export type CreditBody = z.output<typeof creditBody>;

/** Body of POST /admin/v1/wallets/{id}/token-mail: `revoke` makes every token before it worthless. */
export const tokenMailBody = z
  .strictObject({ revoke: z.boolean().default(false) })
  .meta({ examples: [{ revoke: true }] });

export const walletView = z.object({
  id: z.uuid(),
  kind: z.enum(['buyer', 'organization']),
  email: z.string().nullable(),
  currency: z.string(),
  balance_cents: z.int(),
  /** Set aside for orders that are not paid yet. */
  escrow_cents: z.int(),
  created_at: timestamp,
});
export type WalletView = z.output<typeof walletView>;

const entryKind = z.enum(['refund', 'grant', 'credits', 'passed_on', 'escrowed', 'given_back']);

export const walletDetail = walletView.extend({
  /** The newest hundred, newest first. */
  entries: z.array(
    z.object({
      id: z.uuid(),
      kind: entryKind,
      amount_cents: z.int(),
      invoice: z.string().nullable(),
      order: z.uuid().nullable(),
      reason: z.string().nullable(),
      at: timestamp,
    }),
  ),
});

export const walletList = z.object({ wallets: z.array(walletView) });

/** A wallet as whoever has its token sees it. */
export const ownWalletView = walletView
  .pick({
    id: true,
    currency: true,
    balance_cents: true,
    escrow_cents: true,
  })
  .extend({
    entries: z.array(
      z.object({
        kind: entryKind,
        amount_cents: z.int(),
        /** Number of the order it was for or from. */
        order: z.string().nullable(),
        at: timestamp,
      }),
    ),
  });
export type OwnWalletView = z.output<typeof ownWalletView>;
