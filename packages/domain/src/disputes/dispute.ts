/**
 * Where a dispute stands for us: a question of the bank that takes no money yet, a chargeback that
 * is not decided, and its two ends.
 */
export type DisputePhase = 'inquiry' | 'open' | 'won' | 'lost';

/**
 * Stripe's status in our words (docs.stripe.com/api/disputes/object). Statuses that Stripe will
 * invent are judged by the money: what was taken and not brought back is open.
 */
export function phaseOf(dispute: {
  readonly status: string;
  readonly withdrawnCents: number;
}): DisputePhase {
  switch (dispute.status) {
    case 'needs_response':
    case 'under_review':
      return 'open';
    case 'won':
    case 'warning_closed':
    case 'prevented':
      return 'won';
    case 'lost':
      // Closing an inquiry may be called lost too: without money taken nothing was lost.
      return dispute.withdrawnCents > 0 ? 'lost' : 'won';
    case 'warning_needs_response':
    case 'warning_under_review':
      return 'inquiry';
    default:
      return dispute.withdrawnCents > 0 ? 'open' : 'inquiry';
  }
}

/** What becomes of the tickets that the disputed payment paid for. */
export type DisputeEffect = 'none' | 'suspend' | 'reinstate' | 'void' | 'ask';

/**
 * The bank says how much, never for which tickets. While it thinks, none of them opens the door; a
 * part that is lost leaves it to a person which tickets end with it.
 */
export function effectOf(dispute: {
  readonly phase: DisputePhase;
  readonly amountCents: number;
  readonly paidCents: number;
  readonly isAllotted: boolean;
}): DisputeEffect {
  switch (dispute.phase) {
    case 'inquiry':
      return 'none';
    case 'open':
      return 'suspend';
    case 'won':
      return 'reinstate';
    case 'lost':
      if (dispute.isAllotted) {
        return 'none';
      }
      return dispute.amountCents >= dispute.paidCents ? 'void' : 'ask';
    default:
      return dispute.phase satisfies never;
  }
}
