import type { Credential } from '@liventix/domain/access/repository';
import {
  type Erased,
  erasePeople,
  forgetEmptyCounts,
} from '@liventix/domain/privacy/erasure-repository';
import {
  listNeeds,
  lockRowsOf,
  type Need,
  type Person,
} from '@liventix/domain/privacy/person-repository';
import type { Database } from '@liventix/shared/db';
import { AppError } from '@liventix/shared/errors';
import { recordAct } from '#access/audit';

/**
 * Forgets a person, unless something is open between them and the house. Ids and amounts stay. Asking
 * again finds nothing and changes nothing.
 */
export async function erasePerson(
  deps: { readonly db: Database },
  credential: Credential,
  key: string,
): Promise<Erased> {
  const person: Person = { organizationId: credential.organizationId, key };
  return await deps.db.inTransaction(async (tx) => {
    const rows = await lockRowsOf(tx, person);
    const needs = await listNeeds(tx, rows);
    if (needs.length > 0) {
      throw stillNeeded(needs);
    }
    const erased = await erasePeople(tx, rows);
    await forgetEmptyCounts(tx, person);
    await recordAct(tx, credential, {
      action: 'person.erase',
      objectType: 'organization',
      objectId: credential.organizationId,
      facts: { ...erased, orderIds: rows.orderIds.slice(0, 20) },
    });
    return erased;
  });
}

const words: Readonly<Record<Need['reason'], string>> = {
  order: 'is not finished',
  payment: 'has money that is not settled',
  refund: 'has a refund on its way',
  dispute: 'is disputed',
  mail: 'has a mail on its way',
  transfer: 'has a ticket that is being passed on',
  ticket: 'has a ticket for an event that is not over',
};

function stillNeeded(needs: readonly Need[]): AppError {
  const why = needs.slice(0, 5).map(({ order, reason }) => `${order} ${words[reason]}`);
  return new AppError('person.still_needed', {
    message: `Nothing was erased: ${why.join(', ')}. Finish, refund or withdraw it first.`,
    retry: 'permanent',
    details: { needs },
  });
}
