import type { CheckIn } from '@liventix/domain/door/check-in-repository';
import { isConflict } from '@liventix/domain/door/manifest';
import { openIncident } from '@liventix/domain/incidents/repository';
import type { Transaction } from '@liventix/shared/db';

/** Who was let in without a network and should not have been: they are inside, so a person decides. */
export async function reportConflicts(
  tx: Transaction,
  scans: {
    readonly organizationId: string | undefined;
    readonly eventId: string;
    readonly written: readonly CheckIn[];
  },
): Promise<void> {
  const { organizationId = null, eventId } = scans;
  for (const { id, ticketId, decidedOffline, outcome } of scans.written) {
    if (isConflict(decidedOffline, outcome)) {
      await openIncident(tx, {
        organizationId,
        kind: 'door.conflict',
        objectType: 'ticket',
        // A code that names no ticket of ours was let in by a device that cannot check codes.
        objectId: ticketId ?? id,
        message: `A device without a network let somebody in whose ticket is ${outcome}: two people may be inside with one ticket. Look at its scans, and for them.`,
        details: { eventId, checkInId: id, outcome },
      });
    }
  }
}
