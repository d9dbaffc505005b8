/** Domains under which dots in the name mean nothing, with the one they are all the same as. */
const dotless: Readonly<Record<string, string>> = {
  'gmail.com': 'gmail.com',
  'googlemail.com': 'gmail.com',
};

/**
 * Whom an address reaches, for limits per buyer; never an address to write to. Ada+1@… and ada+2@…
 * reach one person nearly everywhere (RFC 5233), so a limit that told them apart would be none.
 * Dots are dropped for Gmail alone, which says so (support.google.com/mail/answer/7436150): with
 * anybody else a.b@ and ab@ may be two people, and one must not use up what the other may buy.
 * Capitals are ignored though a mail server may tell them apart (RFC 5321, 2.4): none does.
 */
export function buyerKey(address: string): string {
  const plain = address.normalize('NFKC').trim().toLowerCase();
  const at = plain.lastIndexOf('@');
  if (at < 0) {
    return plain;
  }
  const domain = plain.slice(at + 1);
  const name = withoutTag(plain.slice(0, at));
  const canonical = dotless[domain];
  return canonical === undefined
    ? `${name}@${domain}`
    : `${name.replaceAll('.', '') || name}@${canonical}`;
}

/** A name that is nothing but its tag is a name of its own. */
function withoutTag(name: string): string {
  const plus = name.indexOf('+');
  return plus > 0 ? name.slice(0, plus) : name;
}
