import type { AccessCodeView, PromoCodeView } from '@liventix/contracts/api/codes';
import type { ListedAccessCode } from '@liventix/domain/codes/access-repository';
import type { ListedPromoCode } from '@liventix/domain/codes/repository';

export function toPromoCodeView(promo: ListedPromoCode): PromoCodeView {
  return {
    ...commonPart(promo),
    discount:
      promo.percent === null
        ? { amount_cents: promo.amountCents ?? 0 }
        : { percent: promo.percent },
    max_redemptions: promo.maxRedemptions,
    max_per_buyer: promo.maxPerBuyer,
  };
}

export function toAccessCodeView(access: ListedAccessCode): AccessCodeView {
  return { ...commonPart(access), max_uses: access.maxUses };
}

function commonPart(code: ListedPromoCode | ListedAccessCode) {
  const at = (time: Date | null) => time?.toISOString() ?? null;
  return {
    id: code.id,
    event: code.eventId,
    code: code.code,
    tiers: code.tierIds,
    starts_at: at(code.startsAt),
    ends_at: at(code.endsAt),
    used: code.used,
    disabled_at: at(code.disabledAt),
    created_at: code.createdAt.toISOString(),
  };
}
