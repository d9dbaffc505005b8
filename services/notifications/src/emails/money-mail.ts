import type { RenderedEmail } from '@liventix/domain/emails';
import { type Fact, renderLetter } from '#emails/letter';
import { type BuyerMail, eventRows, greeting, numberRow, pageLink } from '#emails/order-mail';

/** What a mail about money tells its buyer: what happened, the figures, what comes next. */
export interface MoneyNews {
  readonly subject: string;
  readonly heading: string;
  readonly lead: string;
  readonly figures: readonly Fact[];
  readonly next: readonly string[];
}

export function renderMoneyMail(mail: BuyerMail, news: MoneyNews): RenderedEmail {
  return renderLetter({
    voice: mail.voice,
    subject: `${news.subject} (${mail.order.number})`,
    heading: news.heading,
    blocks: [
      greeting(mail),
      { kind: 'paragraph', text: news.lead },
      { kind: 'facts', rows: [...news.figures, numberRow(mail), ...eventRows(mail)] },
      ...news.next.map((text) => ({ kind: 'paragraph', text }) as const),
      ...pageLink(mail),
    ],
  });
}
