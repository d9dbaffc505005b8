import { sealAudit } from '@liventix/domain/access/audit-repository';
import type { Database } from '@liventix/shared/db';
import type { Log } from '@liventix/shared/telemetry/logger';

/** Rows a transaction seals, and transactions a run. */
const batchSize = 1_000;
const batchesMax = 50;

/**
 * Seals what was written to the audit log since. Where the chain ends goes into the log, which the
 * database's own masters cannot rewrite: that is how a chain rewritten as a whole is noticed.
 */
export async function sealAuditLog(deps: {
  readonly db: Database;
  readonly log: Log;
}): Promise<void> {
  for (let batches = 0; batches < batchesMax; batches += 1) {
    const { sealed, head } = await deps.db.inTransaction(
      async (tx) => await sealAudit(tx, batchSize),
    );
    if (sealed > 0) {
      deps.log.info({ sealed, chainNo: head?.chainNo, hash: head?.hash }, 'audit log sealed');
    }
    if (sealed < batchSize) {
      return;
    }
  }
}
