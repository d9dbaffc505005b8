import type { RenderedEmail } from '@liventix/domain/emails';
import type { WalletFacts } from '@liventix/domain/emails/money-facts';
import type { Language, Voice } from '@liventix/shared/voice';
import { type Fact, renderLetter } from '#emails/letter';

/** What a mail about a wallet is made from, beside its own facts. */
export interface WalletMail {
  readonly voice: Voice;
  readonly organizationName: string;
  /** The wallet's own page: whoever has its address has the credit. */
  readonly page: string;
  readonly token: string;
}

const words = {
  en: {
    subject: (organization: string) => `Your credit at ${organization}`,
    lead: 'You have credit for tickets. At checkout it pays as much as it can, and a card the rest.',
    added: 'Added',
    balance: 'Your credit now',
    order: 'From order',
    cancelled: 'That order is cancelled: no tickets come of it.',
    code: 'Code for the checkout',
    open: 'Open your credit',
    secret: 'Whoever has this link or code can spend your credit: keep it to yourself.',
  },
  de: {
    subject: (organization: string) => `Ihr Guthaben bei ${organization}`,
    lead: 'Sie haben Guthaben für Tickets. Beim Bezahlen deckt es so viel wie möglich, eine Karte den Rest.',
    added: 'Hinzugekommen',
    balance: 'Ihr Guthaben jetzt',
    order: 'Aus Bestellung',
    cancelled: 'Diese Bestellung ist storniert, Tickets kommen daraus keine.',
    code: 'Code für die Kasse',
    open: 'Ihr Guthaben öffnen',
    secret:
      'Wer diesen Link oder Code hat, kann Ihr Guthaben ausgeben: Geben Sie beides nicht weiter.',
  },
} satisfies Record<Language, unknown>;

/** What entered a wallet, what is in it, and what opens it. */
export function renderWalletCredit(mail: WalletMail, facts: WalletFacts): RenderedEmail {
  const { voice, organizationName, page, token } = mail;
  const told = words[voice.language];
  const money = (cents: number) => voice.money(cents, facts.currency);
  const added: Fact[] = facts.amountCents > 0 ? [[told.added, money(facts.amountCents)]] : [];
  const order: Fact[] = facts.orderNumber === null ? [] : [[told.order, facts.orderNumber]];
  return renderLetter({
    voice,
    subject: told.subject(organizationName),
    heading: told.subject(organizationName),
    blocks: [
      { kind: 'paragraph', text: told.lead },
      { kind: 'facts', rows: [...added, [told.balance, money(facts.balanceCents)], ...order] },
      ...(facts.isCancelled ? [{ kind: 'paragraph', text: told.cancelled } as const] : []),
      { kind: 'link', label: told.open, url: page },
      { kind: 'facts', rows: [[told.code, token]] },
      { kind: 'paragraph', text: told.secret },
    ],
    attachments: [],
  });
}
