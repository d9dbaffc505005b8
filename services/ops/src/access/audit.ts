import { appendAudit } from '@liventix/domain/access/audit-repository';
import type { Credential } from '@liventix/domain/access/repository';
import type { Transaction } from '@liventix/shared/db';

/** Says in the audit log, in the transaction of the act itself, who did what. */
export async function recordAct(
  tx: Transaction,
  credential: Credential,
  act: {
    readonly action: string;
    readonly objectType: string;
    readonly objectId: string;
    readonly facts?: Readonly<Record<string, unknown>>;
    readonly details?: Readonly<Record<string, unknown>>;
  },
): Promise<void> {
  await appendAudit(tx, {
    organizationId: credential.organizationId,
    actorType: credential.actorType,
    actorId: credential.actorId,
    ...act,
  });
}
