/** How many decimals a currency has, from the runtime's own ISO 4217 data. */
function decimalsOf(currency: string): number {
  const format = new Intl.NumberFormat('en', { style: 'currency', currency });
  return format.resolvedOptions().maximumFractionDigits ?? 2;
}

/** Minor units as a number of the currency itself: 1250 usd is 12.5, 1250 jpy 1250. For charts alone. */
export function inMajorUnits(minorUnits: number, currency: string): number {
  return minorUnits / 10 ** decimalsOf(currency);
}

/** Minor units as people read them: 1250 usd is "$12.50", 1250 jpy "¥1,250". */
export function formatMoney(minorUnits: number, currency: string, locale: string): string {
  const format = new Intl.NumberFormat(locale, { style: 'currency', currency });
  return format.format(inMajorUnits(minorUnits, currency));
}
