import type { Books } from './books.ts';

/** Which fields hold the id of what, so that `expand[]` can put the object there. */
const collections = {
  payment_intent: (books: Books, id: string) => books.paymentIntents.get(id),
  latest_charge: (books: Books, id: string) => books.charges.get(id),
  charge: (books: Books, id: string) => books.charges.get(id),
  balance_transaction: (books: Books, id: string) => books.balanceTransactions.get(id),
};

/** A copy of the object with the paths asked for filled in, such as `payment_intent.latest_charge`. */
export function expanded(
  books: Books,
  object: object,
  paths: readonly string[] = [],
): Record<string, unknown> {
  const copy: Record<string, unknown> = { ...structuredClone(object) };
  for (const path of paths) {
    expandPath(books, copy, path.split('.'));
  }
  return copy;
}

function expandPath(books: Books, object: Record<string, unknown>, path: readonly string[]): void {
  const [field, ...rest] = path;
  if (field === undefined) {
    return;
  }
  const value = object[field];
  const find = Object.entries(collections).find(([name]) => name === field)?.[1];
  const target = typeof value === 'string' ? find?.(books, value) : value;
  if (target !== null && typeof target === 'object') {
    const copy: Record<string, unknown> = { ...structuredClone(target) };
    expandPath(books, copy, rest);
    object[field] = copy;
  }
}
