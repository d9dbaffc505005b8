import type { Credential } from '@liventix/domain/access/repository';
import { type PersonalData, readPersonalData } from '@liventix/domain/privacy/export-repository';
import { findRowsOf, type Person } from '@liventix/domain/privacy/person-repository';
import type { Database } from '@liventix/shared/db';
import { recordAct } from '#access/audit';

/** All that is kept of a person in the organization, for them. That it was read is audited, by ids. */
export async function exportPerson(
  deps: { readonly db: Database },
  credential: Credential,
  key: string,
): Promise<PersonalData> {
  const person: Person = { organizationId: credential.organizationId, key };
  return await deps.db.inTransaction(async (tx) => {
    const rows = await findRowsOf(tx, person);
    const data = await readPersonalData(tx, rows);
    await recordAct(tx, credential, {
      action: 'person.export',
      objectType: 'organization',
      objectId: credential.organizationId,
      facts: { orders: rows.orderIds.slice(0, 20), mails: data.mails.length },
    });
    return data;
  });
}
