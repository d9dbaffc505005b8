import { invalid } from './errors.ts';
import type { World } from './simulator.ts';

/** Everything that has an id. */
export type Shelves = Pick<World, 'books' | 'balance' | 'refunds' | 'disputes' | 'payouts'>;

type Find = (shelves: Shelves, id: string) => object | undefined;

const transaction: Find = ({ balance }, id) => balance.transactions.get(id);
const charge: Find = ({ books }, id) => books.charges.get(id);

/** What moved the balance is of many kinds. */
const source: Find = (shelves, id) =>
  charge(shelves, id) ??
  shelves.refunds.all.get(id) ??
  shelves.disputes.all.get(id) ??
  shelves.payouts.all.get(id);

/** Which fields hold the id of what, so that `expand[]` can put the object there. */
const collections = new Map<string, Find>([
  ['payment_intent', ({ books }, id) => books.paymentIntents.get(id)],
  ['latest_charge', charge],
  ['charge', charge],
  ['balance_transaction', transaction],
  ['failure_balance_transaction', transaction],
  ['source', source],
  ['customer', () => undefined],
  ['payment_method', () => undefined],
]);

/** docs.stripe.com/api/expanding_objects */
const levelsMax = 4;

/** A copy of the object with the paths asked for filled in, such as `payment_intent.latest_charge`. */
export function expanded(
  shelves: Shelves,
  object: object,
  paths: readonly string[] = [],
): Record<string, unknown> {
  const copy: Record<string, unknown> = { ...structuredClone(object) };
  for (const path of paths) {
    const fields = path.split('.');
    if (fields.length > levelsMax) {
      throw invalid(
        `You cannot expand more than ${levelsMax} levels of a property. Property: ${path}`,
      );
    }
    expandPath(copy, fields, { shelves, path, isMixed: false });
  }
  return copy;
}

interface From {
  readonly shelves: Shelves;
  readonly path: string;
  /** Below a source, which is of many kinds: not each has what is asked for. */
  readonly isMixed: boolean;
}

function expandPath(object: Record<string, unknown>, path: readonly string[], from: From): void {
  const [field, ...rest] = path;
  if (field === undefined) {
    return;
  }
  const target = targetOf(object, field, from);
  if (Array.isArray(target)) {
    for (const item of target) {
      expandPath(item, rest, from);
    }
  } else if (target !== undefined) {
    const copy: Record<string, unknown> = { ...structuredClone(target) };
    expandPath(copy, rest, { ...from, isMixed: from.isMixed || field === 'source' });
    object[field] = copy;
  }
}

function targetOf(
  object: Record<string, unknown>,
  field: string,
  { shelves, path, isMixed }: From,
): object | undefined {
  const { object: kind, id } = object;
  if (field === 'refunds' && kind === 'charge') {
    return refundsOf(shelves, String(id));
  }
  if (!(field in object) && isMixed) {
    return undefined;
  }
  const value = object[field];
  const find = collections.get(field);
  const isList = Array.isArray(value) && (kind === 'list' || field === 'balance_transactions');
  if (value === undefined || (find === undefined && !isList)) {
    throw invalid(`This property cannot be expanded (${path}).`);
  }
  return typeof value === 'string' ? find?.(shelves, value) : (value ?? undefined);
}

/** On a charge they are only there when asked for. */
function refundsOf({ refunds }: Shelves, chargeId: string) {
  const data = [...refunds.ofCharge(chargeId)].reverse();
  return { object: 'list', url: `/v1/charges/${chargeId}/refunds`, has_more: false, data };
}
