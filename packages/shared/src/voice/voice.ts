import { formatMoney } from '#money/money';

/** Languages that we write in. */
export type Language = 'en' | 'de';

/** A language, with its dates and amounts as people there write them. */
export interface Voice {
  readonly language: Language;
  /** What a text declares itself to be in, so that it is read out right. */
  readonly locale: string;
  money(minorUnits: number, currency: string): string;
  date(at: Date, timezone: string): string;
}

const spoken = /^(en|de)(?:-([a-z]{2}))?(?:-|$)/i;

/** English for whoever reads a language that we do not write: words and dates of one kind. */
export function voiceOf(wanted: string): Voice {
  const [, found = 'en', region] = spoken.exec(wanted) ?? [];
  const language = found.toLowerCase() === 'de' ? 'de' : 'en';
  const locale = region === undefined ? language : `${language}-${region.toUpperCase()}`;
  return {
    language,
    locale,
    money: (minorUnits, currency) => formatMoney(minorUnits, currency, locale),
    date: (at, timeZone) => {
      const format = new Intl.DateTimeFormat(locale, {
        dateStyle: 'full',
        timeStyle: 'short',
        timeZone,
      });
      return `${format.format(at)} (${timeZone})`;
    },
  };
}
