import type { OpenWalletBody } from '@liventix/contracts/api/wallets';
import type { Credential } from '@liventix/domain/access/repository';
import { openWallet } from '@liventix/domain/wallets/repository';
import type { Database } from '@liventix/shared/db';
import { recordAct } from '#access/audit';

/** Opens a wallet of this organization, or finds the one there is. Returns its id. */
export async function openOwnWallet(
  deps: { readonly db: Database },
  credential: Credential,
  body: OpenWalletBody,
): Promise<string> {
  return await deps.db.inTransaction(async (tx) => {
    const { organizationId } = credential;
    const owner =
      body.kind === 'buyer'
        ? { kind: body.kind, email: body.email }
        : { kind: body.kind, email: body.email ?? null };
    const { currency } = body;
    const walletId = await openWallet(tx, { organizationId, currency, locale: 'en', owner });
    await recordAct(tx, credential, {
      action: 'wallet.open',
      objectType: 'wallet',
      objectId: walletId,
      facts: { kind: body.kind, currency },
    });
    return walletId;
  });
}
