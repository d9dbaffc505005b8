import type { Email, RenderedEmail } from '@liventix/domain/emails';
import { findConfirmation } from '@liventix/domain/emails/confirmation-repository';
import { findMailOrder, type MailOrder } from '@liventix/domain/emails/mail-order-repository';
import {
  cancellationFacts,
  disputeFacts,
  lateMoneyFacts,
  refundFacts,
  walletFacts,
} from '@liventix/domain/emails/money-facts';
import {
  findMailTransfer,
  type MailTransfer,
  type TransferMailKind,
} from '@liventix/domain/emails/transfer-mail-repository';
import { findMailWallet } from '@liventix/domain/emails/wallet-mail-repository';
import { type NoticeKind, noticeFacts } from '@liventix/domain/notices';
import type { Transaction } from '@liventix/shared/db';
import { AppError } from '@liventix/shared/errors';
import { voiceOf } from '@liventix/shared/voice';
import type { Deps } from '#deps';
import { renderDisputeOpened } from '#emails/dispute-opened';
import { renderEventCancelled } from '#emails/event-cancelled';
import { renderEventNotice } from '#emails/event-notice';
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
  switch (email.kind) {
    case 'order_confirmation': {
      const order = existing(
        email,
        email.orderId === null ? undefined : await findConfirmation(tx, email.orderId),
      );
      const context = { page: pageOf(deps, order), documents: deps.documents };
      return await renderConfirmation(order, context, travels);
    }
    case 'transfer_offered':
    case 'ticket_received':
    case 'transfer_accepted':
      return await renderTransfer(tx, deps, { id: email.id, kind: email.kind });
    case 'event_changed':
    case 'event_reminder':
      return await renderNotice(tx, deps, { ...email, kind: email.kind });
    case 'event_cancelled':
      return email.orderId === null
        ? await renderNotice(tx, deps, { ...email, kind: email.kind })
        : renderEventCancelled(
            await buyerMailOf(tx, deps, email),
            cancellationFacts.parse(email.facts),
          );
    case 'wallet_credit':
      return await renderToOwner(tx, deps, email);
    case 'dispute_opened': {
      const { eventLocale, timezone } = await orderOf(tx, email);
      const context = { voice: voiceOf(eventLocale), timezone };
      return renderDisputeOpened(disputeFacts.parse(email.facts), context);
    }
    default: {
      const mail = await buyerMailOf(tx, deps, email);
      return renderToBuyer(mail, { kind: email.kind, facts: email.facts });
    }
  }
}

/** An offer's page for whom it is made to, and the ticket's own for who has it. */
async function renderTransfer(
  tx: Transaction,
  deps: Pick<Deps, 'tokens' | 'config'>,
  email: { readonly id: string; readonly kind: TransferMailKind },
): Promise<RenderedEmail> {
  const transfer = existing(email, await findMailTransfer(tx, email.id));
  const page =
    email.kind === 'ticket_received'
      ? pageOfHolder(deps, transfer)
      : pageOfTransfer(deps, transfer.transferId);
  return renderTransferMail(transfer, { kind: email.kind, page });
}

/** To a buyer by their order, and to who got a ticket from somebody by how they got it. */
async function renderNotice(
  tx: Transaction,
  deps: Pick<Deps, 'tokens' | 'config'>,
  email: Pick<Email, 'id' | 'orderId' | 'facts'> & { readonly kind: NoticeKind },
): Promise<RenderedEmail> {
  const facts = noticeFacts.parse(email.facts);
  const told = { kind: email.kind, facts };
  if (email.orderId === null) {
    const transfer = existing(email, await findMailTransfer(tx, email.id));
    const event = { ...transfer, title: transfer.eventTitle };
    const [voice, page] = [voiceOf(transfer.locale), pageOfHolder(deps, transfer)];
    return renderEventNotice({ voice, event, orderNumber: null, page }, told);
  }
  const order = await orderOf(tx, email);
  const event = { ...order, title: order.eventTitle };
  const [voice, page] = [voiceOf(order.locale), pageOf(deps, order)];
  return renderEventNotice({ voice, event, orderNumber: order.number, page }, told);
}

async function buyerMailOf(
  tx: Transaction,
  deps: Pick<Deps, 'tokens' | 'config'>,
  email: Pick<Email, 'id' | 'orderId'>,
): Promise<BuyerMail> {
  const order = await orderOf(tx, email);
  return { order, voice: voiceOf(order.locale), page: pageOf(deps, order) };
}

async function orderOf(tx: Transaction, email: Pick<Email, 'id' | 'orderId'>): Promise<MailOrder> {
  return existing(
    email,
    email.orderId === null ? undefined : await findMailOrder(tx, email.orderId),
  );
}

/** The ticket's own page; of one that was passed on since, what became of the offer: it is not theirs. */
function pageOfHolder(deps: Pick<Deps, 'tokens' | 'config'>, transfer: MailTransfer): string {
  const { transferId, ticketId, tokenVersion, isCurrent } = transfer;
  return isCurrent
    ? pageAt(deps, `/tickets/t/${deps.tokens.issue('ticket', ticketId, tokenVersion)}`)
    : pageOfTransfer(deps, transferId);
}

function pageOfTransfer(deps: Pick<Deps, 'tokens' | 'config'>, transferId: string): string {
  return pageAt(deps, `/transfers/t/${deps.tokens.issue('transfer', transferId, 1)}`);
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
  const page = pageAt(deps, `/wallets/t/${token}`);
  const mail = { voice: voiceOf(locale), organizationName, page, token };
  return renderWalletCredit(mail, walletFacts.parse(email.facts));
}

function renderToBuyer(
  mail: BuyerMail,
  email: {
    readonly kind: Exclude<
      Email['kind'],
      'order_confirmation' | 'dispute_opened' | 'wallet_credit' | TransferMailKind | NoticeKind
    >;
    readonly facts: unknown;
  },
): RenderedEmail {
  switch (email.kind) {
    case 'refund_requested':
    case 'refund_made':
    case 'refund_failed':
      return renderRefundMail(mail, email.kind, refundFacts.parse(email.facts));
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
  return pageAt(deps, `/orders/t/${token}`);
}

function pageAt(deps: Pick<Deps, 'config'>, path: string): string {
  return new URL(path, deps.config.PUBLIC_URL).toString();
}
