import { type Account, moved, type Posting } from '#ledger/ledger';
import { chargeStep } from '#payments/charge-step';
import { belowStripeMinimum } from '#payments/stripe-request';

export type WalletKind = 'buyer' | 'organization';

/** Store credit, in minor units of its currency. */
export interface Wallet {
  readonly id: string;
  readonly organizationId: string;
  readonly kind: WalletKind;
  readonly ownerEmail: string | null;
  readonly locale: string;
  readonly currency: string;
  readonly balanceCents: number;
  /** Set aside for orders that are not paid yet. */
  readonly escrowCents: number;
  readonly tokenVersion: number;
  readonly createdAt: Date;
}

export type WalletEntryKind =
  | 'refund'
  | 'grant'
  /** Credits of an organization that became a buyer's. */
  | 'credits'
  | 'passed_on'
  | 'escrowed'
  | 'given_back';

/** Where a wallet's balance stands in the ledger. */
export function accountOf(kind: WalletKind): Account {
  return kind === 'buyer' ? 'wallet_credit' : 'organization_credits';
}

/** The account that money comes from which enters a wallet. */
const sources = {
  refund: 'owed_to_buyers',
  grant: 'wallet_grants',
  credits: 'organization_credits',
} as const satisfies Partial<Record<WalletEntryKind, Account>>;
export type CreditKind = keyof typeof sources;

interface Movement {
  readonly entryId: string;
  readonly kind: WalletKind;
  readonly amountCents: number;
  readonly currency: string;
}

export function credited(movement: Movement, as: CreditKind): Posting {
  return {
    kind: 'wallet_credited',
    cause: `wallet_entry/${movement.entryId}`,
    entries: moved(movement, { from: accountOf(movement.kind), to: sources[as] }),
  };
}

/** Set aside for an order. */
export function escrowed(movement: Movement): Posting {
  return {
    kind: 'wallet_escrowed',
    cause: `wallet_entry/${movement.entryId}`,
    entries: moved(movement, { from: 'wallet_escrow', to: accountOf(movement.kind) }),
  };
}

/** The order ended unpaid. */
export function givenBack(movement: Movement): Posting {
  return {
    kind: 'wallet_given_back',
    cause: `wallet_entry/${movement.entryId}`,
    entries: moved(movement, { from: accountOf(movement.kind), to: 'wallet_escrow' }),
  };
}

/**
 * What a wallet pays of a total: as much as it has, but leaves to the card nothing or what a card can
 * pay. So a total just above the balance may have less of it taken, or nothing.
 */
export function shareOfWallet(of: {
  readonly totalCents: number;
  readonly balanceCents: number;
  readonly currency: string;
}): number {
  const { totalCents, balanceCents, currency } = of;
  if (balanceCents >= totalCents) {
    return totalCents;
  }
  const step = chargeStep(currency);
  const rest = Math.ceil((totalCents - balanceCents) / step) * step;
  const chargeable = belowStripeMinimum(rest, currency) ?? rest;
  return Math.max(0, totalCents - chargeable);
}
