import type { Credential } from '@liventix/domain/access/repository';
import { disableAccessCode } from '@liventix/domain/codes/access-repository';
import { disablePromoCode } from '@liventix/domain/codes/repository';
import type { Database } from '@liventix/shared/db';
import { recordAct } from '#access/audit';
import { notFound } from '#access/not-found';

/**
 * Takes a code out of use at once. Orders that have it keep it, and repeating changes nothing.
 * Returns the event it belongs to.
 */
export async function disableCode(
  deps: { readonly db: Database },
  credential: Credential,
  code: { readonly kind: 'promo_code' | 'access_code'; readonly id: string },
): Promise<string> {
  const { kind, id } = code;
  const { organizationId } = credential;
  return await deps.db.inTransaction(async (tx) => {
    const eventId =
      kind === 'promo_code'
        ? await disablePromoCode(tx, { organizationId, promoCodeId: id })
        : await disableAccessCode(tx, { organizationId, accessCodeId: id });
    if (eventId === undefined) {
      throw notFound(kind === 'promo_code' ? 'promo' : 'access_code');
    }
    await recordAct(tx, credential, {
      action: `${kind}.disable`,
      objectType: kind,
      objectId: id,
      facts: { eventId },
    });
    return eventId;
  });
}
