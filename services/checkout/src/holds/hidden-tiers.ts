import type { PlaceHoldBody } from '@liventix/contracts/api/holds';
import {
  findUnlockedTiers,
  insertAccessUses,
  type UnlockedTiers,
} from '@liventix/domain/codes/access-repository';
import type { Offer } from '@liventix/domain/inventory';
import type { Transaction } from '@liventix/shared/db';
import type { HoldAnswer, HoldRequest } from '#holds/hold-desk';

/** What the codes of these requests show, read once for all of them, and not at all for most. */
export async function readAccess(
  tx: Transaction,
  eventId: string,
  requests: readonly HoldRequest[],
): Promise<readonly UnlockedTiers[]> {
  const codes = requests.flatMap(({ body }) => body.access_code ?? []);
  return codes.length === 0 ? [] : await findUnlockedTiers(tx, { eventIds: [eventId], codes });
}

/** What the code of this request shows, if it shows anything. */
export function unlockedBy(
  access: readonly UnlockedTiers[],
  body: PlaceHoldBody,
): UnlockedTiers | undefined {
  const code = body.access_code?.toLowerCase();
  return access.find((unlocked) => unlocked.code === code);
}

/** A hold that needed its code takes it along to checkout, where uses are counted. */
export async function rememberAccess(
  tx: Transaction,
  served: {
    readonly answers: ReadonlyMap<HoldRequest, HoldAnswer>;
    readonly access: readonly UnlockedTiers[];
    readonly offers: readonly Offer[];
  },
): Promise<void> {
  const { answers, access, offers } = served;
  const hidden = new Set(offers.flatMap((offer) => (offer.isHidden ? [offer.tierId] : [])));
  const uses = [...answers].flatMap(([{ body }, answer]) => {
    const unlocked = unlockedBy(access, body);
    const isNeeded = body.items.some(({ tier }) => hidden.has(tier));
    return unlocked !== undefined && isNeeded && answer.kind === 'placed'
      ? [{ holdId: answer.hold.id, accessCodeId: unlocked.accessCodeId }]
      : [];
  });
  if (uses.length > 0) {
    await insertAccessUses(tx, uses);
  }
}
