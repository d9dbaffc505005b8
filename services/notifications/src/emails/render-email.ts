import type { Email, RenderedEmail } from '@liventix/domain/emails';
import { findConfirmation } from '@liventix/domain/emails/confirmation-repository';
import { findMailOrder } from '@liventix/domain/emails/mail-order-repository';
import {
  cancellationFacts,
  disputeFacts,
  lateMoneyFacts,
  refundFacts,
  walletFacts,
} from '@liventix/domain/emails/money-facts';
import {
  findMailTransfer,
  type TransferMailKind,
} from '@liventix/domain/emails/transfer-mail-repository';
import { findMailWallet } from '@liventix/domain/emails/wallet-mail-repository';
import type { Transaction } from '@liventix/shared/db';
import { AppError } from '@liventix/shared/errors';
import { voiceOf } from '@liventix/shared/voice';
import type { Deps } from '#deps';
import { renderDisputeOpened } from '#emails/dispute-opened';
import { renderEventCancelled } from '#emails/event-cancelled';
import { renderConfirmation } from '#emails/order-confirmation';
import type { BuyerMail } from '#emails/order-mail';
import { renderPaymentTooLate } from '#emails/payment-too-late';
import { renderRefundMail } from '#emails/refund-mails';
import { renderTransferMail } from '#emails/transfer-mails';
import { renderWalletCredit } from '#emails/wallet-credit';

/**
 * What a mail says, from its own facts and its order. One that travels together with others brings
 * no codes and files along, and says where they are.
 */
export async function renderEmail(
  tx: Transaction,
  deps: Pick<Deps, 'tokens' | 'config' | 'documents'>,
  { email, travels }: { readonly email: Email; readonly travels: 'alone' | 'together' },
): Promise<RenderedEmail> {
  if (email.kind === 'order_confirmation') {
    const order = existing(
      email,
      email.orderId === null ? undefined : await findConfirmation(tx, email.orderId),
    );
    const context = { page: pageOf(deps, order), documents: deps.documents };
    return await renderConfirmation(order, context, travels);
  }
  if (
    email.kind === 'transfer_offered' ||
    email.kind === 'ticket_received' ||
    email.kind === 'transfer_accepted'
  ) {
    return await renderTransfer(tx, deps, { id: email.id, kind: email.kind });
  }
  if (email.kind === 'wallet_credit') {
    return await renderToOwner(tx, deps, email);
  }
  const order = existing(
    email,
    email.orderId === null ? undefined : await findMailOrder(tx, email.orderId),
  );
  if (email.kind === 'dispute_opened') {
    const { eventLocale, timezone } = order;
    const context = { voice: voiceOf(eventLocale), timezone };
    return renderDisputeOpened(disputeFacts.parse(email.facts), context);
  }
  const mail = { order, voice: voiceOf(order.locale), page: pageOf(deps, order) };
  return renderToBuyer(mail, { kind: email.kind, facts: email.facts });
}

/** An offer's page for whom it is made to, and the ticket's own for who has it. */
async function renderTransfer(
  tx: Transaction,
  deps: Pick<Deps, 'tokens' | 'config'>,
  email: { readonly id: string; readonly kind: TransferMailKind },
): Promise<RenderedEmail> {
  const transfer = existing(email, await findMailTransfer(tx, email.id));
  const { transferId, ticketId, tokenVersion } = transfer;
  const path =
    email.kind === 'ticket_received'
      ? `/tickets/t/${deps.tokens.issue('ticket', ticketId, tokenVersion)}`
      : `/transfers/t/${deps.tokens.issue('transfer', transferId, 1)}`;
  const page = new URL(path, deps.config.PUBLIC_URL).toString();
  return renderTransferMail(transfer, { kind: email.kind, page });
}

/** To whom a wallet belongs, with the token that opens it. */
async function renderToOwner(
  tx: Transaction,
  deps: Pick<Deps, 'tokens' | 'config'>,
  email: Email,
): Promise<RenderedEmail> {
  const wallet = existing(email, await findMailWallet(tx, email.id));
  const { organizationName, locale } = wallet;
  const token = deps.tokens.issue('wallet', wallet.id, wallet.tokenVersion);
  const page = new URL(`/wallets/t/${token}`, deps.config.PUBLIC_URL).toString();
  const mail = { voice: voiceOf(locale), organizationName, page, token };
  return renderWalletCredit(mail, walletFacts.parse(email.facts));
}

function renderToBuyer(
  mail: BuyerMail,
  email: {
    readonly kind: Exclude<
      Email['kind'],
      'order_confirmation' | 'dispute_opened' | 'wallet_credit' | TransferMailKind
    >;
    readonly facts: unknown;
  },
): RenderedEmail {
  switch (email.kind) {
    case 'refund_requested':
    case 'refund_made':
    case 'refund_failed':
      return renderRefundMail(mail, email.kind, refundFacts.parse(email.facts));
    case 'event_cancelled':
      return renderEventCancelled(mail, cancellationFacts.parse(email.facts));
    case 'payment_too_late':
      return renderPaymentTooLate(mail, lateMoneyFacts.parse(email.facts));
    default:
      return email.kind satisfies never;
  }
}

function existing<Found>(email: Pick<Email, 'id'>, found: Found | undefined): Found {
  if (found === undefined) {
    throw new AppError('order.not_found', {
      message: `Mail ${email.id} is about an order or a wallet that does not exist.`,
      retry: 'permanent',
    });
  }
  return found;
}

/** The order's own page, under the token that opens it. */
function pageOf(
  deps: Pick<Deps, 'tokens' | 'config'>,
  order: { readonly orderId: string; readonly tokenVersion: number },
): string {
  const token = deps.tokens.issue('order', order.orderId, order.tokenVersion);
  return new URL(`/orders/t/${token}`, deps.config.PUBLIC_URL).toString();
}
