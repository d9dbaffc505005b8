import type { AuditEntry } from '@liventix/domain/access/audit-repository';

interface Account {
  readonly organizationId: string;
  readonly userId: string;
}

/** What somebody did with their own account, for the audit log. */
export function actOf({ organizationId, userId }: Account, action: string): AuditEntry {
  return {
    organizationId,
    actorType: 'user',
    actorId: userId,
    action,
    objectType: 'user',
    objectId: userId,
  };
}

/** A guess at an account: by whom, nobody knows yet. */
export function guessAt(account: Account, way: string): AuditEntry {
  return {
    ...actOf(account, 'session.refused'),
    actorType: 'system',
    actorId: 'login',
    facts: { way },
  };
}
