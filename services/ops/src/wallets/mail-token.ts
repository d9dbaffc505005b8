import type { Credential } from '@liventix/domain/access/repository';
import { oweTokenMail } from '@liventix/domain/emails/wallet-mail-repository';
import type { Wallet } from '@liventix/domain/wallets';
import { revokeWalletTokens } from '@liventix/domain/wallets/repository';
import type { Database } from '@liventix/shared/db';
import { AppError } from '@liventix/shared/errors';
import { recordAct } from '#access/audit';

/** Mails the owner what opens their wallet; whoever has an older token has nothing after `revoke`. */
export async function mailToken(
  deps: { readonly db: Database },
  credential: Credential,
  mail: { readonly wallet: Wallet; readonly revoke: boolean },
): Promise<void> {
  const { wallet, revoke } = mail;
  await deps.db.inTransaction(async (tx) => {
    if (revoke) {
      await revokeWalletTokens(tx, wallet.id);
    }
    if (!(await oweTokenMail(tx, { walletId: wallet.id }))) {
      throw new AppError('wallet.no_address', {
        message: 'This wallet has no address that its token could be mailed to.',
        retry: 'permanent',
      });
    }
    await recordAct(tx, credential, {
      action: revoke ? 'wallet.revoke_tokens' : 'wallet.mail_token',
      objectType: 'wallet',
      objectId: wallet.id,
      facts: {},
    });
  });
}
