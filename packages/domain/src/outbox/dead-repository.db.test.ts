import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type JobName, jobs } from '@liventix/contracts/jobs';
import { createTestDatabase, type TestDatabase } from '@liventix/shared/testing/database';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { listOpenIncidents, resolveIncident } from '#incidents/incident-repository';
import { migrations } from '#migrations';
import { listDeadMessages, markMessageDead, replayMessage } from './dead-repository.ts';
import { markMessageDone, markMessagesDispatched } from './outbox-repository.ts';
import { claimUndispatched } from './relay-repository.ts';

const sample = readFileSync(new URL('../books/sample-books.sql', import.meta.url), 'utf8');

let database: TestDatabase;
let house: { readonly organizationId: string; readonly operates: boolean };
const stranger = { organizationId: randomUUID(), operates: false };
const operator = { organizationId: randomUUID(), operates: true };

beforeAll(async () => {
  database = await createTestDatabase({ url: inject('databaseUrl'), migrations });
  await database.db.inTransaction(async (tx) => await tx.raw(sample));
  house = { organizationId: await idOf('house'), operates: false };
  await database.db.pool.raw(
    `insert into event_notices (id, event_id, kind, orders_before)
     select id('notice'), id('event'), 'event_changed', now();
     insert into disputes (id, payment_intent_id, payment_id, order_id, organization_id, amount_cents,
                           currency, reason, status, phase, created_at)
     select 'dp_done', 'pi_done', id('money/done'), id('done'), id('house'), 100, 'eur', 'fraudulent',
            'lost', 'lost', now()`,
  );
  await database.db.pool.raw(
    `update emails set provider_id = 're_mail' where id = id('mail/sent');
     insert into resend_events (id, type, payload)
     values ('msg_1', 'email.delivered', '{"data": {"email_id": "re_mail"}}')`,
  );
});
beforeEach(async () => {
  await database.db.pool.raw('truncate outbox, incidents');
});
afterAll(async () => await database[Symbol.asyncDispose]());

async function idOf(name: string): Promise<string> {
  return (await database.db.pool.raw('select id(:name) as id', { name })).rows[0].id;
}

/** Written as a release before may have written it: ids of the sample are no UUIDs that enqueue takes. */
async function ask(name: JobName, payload: object): Promise<string> {
  const id = randomUUID();
  await database.db.pool.raw(
    'insert into outbox (id, queue, name, payload) values (:id, :queue, :name, :payload::jsonb)',
    { id, queue: jobs[name].queue, name, payload: JSON.stringify(payload) },
  );
  return id;
}

async function unknownOrder(): Promise<string> {
  return await ask('tickets.ensure', { orderId: randomUUID() });
}

async function die(messageId: string, error = 'boom'): Promise<boolean> {
  return await database.db.inTransaction(
    async (tx) => await markMessageDead(tx, { messageId, jobName: 'tickets.ensure', error }),
  );
}

async function replay(
  messageId: string,
  viewer: { readonly organizationId: string; readonly operates: boolean },
): Promise<string> {
  return await database.db.inTransaction(
    async (tx) => await replayMessage(tx, { ...viewer, messageId }),
  );
}

describe('a dead message', () => {
  test('dies once, with its error and one incident', async () => {
    const id = await unknownOrder();
    expect(await Promise.all([die(id, 'bo\0om'), die(id, 'bo\0om')])).toContain(false);
    const { rows } = await database.db.pool.raw(
      `select o.error, o.dead_at, i.kind, i.seen
         from outbox o join incidents i on i.object_id = o.id::text`,
    );
    expect(rows).toEqual([
      { error: 'boom', dead_at: expect.any(Date), kind: 'message.dead', seen: 1 },
    ]);
  });

  test('is not one whose work was done', async () => {
    const id = await unknownOrder();
    await database.db.inTransaction(async (tx) => await markMessageDone(tx, id));
    expect(await die(id)).toBe(false);
    expect((await database.db.pool.raw('select 1 from incidents')).rows).toEqual([]);
  });

  test('can be replayed once, and is then claimed like a new one', async () => {
    const id = await unknownOrder();
    await markMessagesDispatched(database.db.pool, [id]);
    await die(id);
    expect(await replay(id, operator)).toBe('opened');
    const claimed = await database.db.inTransaction(
      async (tx) => await claimUndispatched(tx, { limit: 5, olderThanMs: 0 }),
    );
    expect(claimed.map((message) => message.id)).toEqual([id]);
  });

  test('does not repeat whose address an error named', async () => {
    const id = await unknownOrder();
    await die(id, 'no mailbox <ada@example.org> here');
    const [dead] = await listDeadMessages(database.db.pool, operator);
    expect(dead?.error).toBe('no mailbox <…> here');
  });
});

describe.each([
  ['order.settle', async () => ({ orderId: await idOf('done'), sessionId: 'cs_1' }), 'done'],
  ['tickets.ensure', async () => ({ orderId: await idOf('done') }), 'done'],
  ['refund.submit', async () => ({ refundId: await idOf('refund/late') }), 'ended'],
  ['refund.sync', async () => ({ paymentIntentId: 'pi_done' }), 'done'],
  ['payment.warn', async () => ({ paymentIntentId: 'pi_late', eventId: 'evt_1' }), 'ended'],
  ['dispute.sync', async () => ({ disputeId: 'dp_done' }), 'done'],
  ['email.send', async () => ({ emailId: await idOf('mail/new') }), 'done'],
  ['email.track', async () => ({ eventId: 'msg_1' }), 'done'],
  ['event.refund_all', async () => ({ eventId: await idOf('event') }), null],
  ['event.tell', async () => ({ noticeId: await idOf('notice') }), null],
] as const)('a dead %s', (name, payload, order) => {
  test('is shown to its own organization, with its order, and to no other', async () => {
    const id = await ask(name, await payload());
    await die(id);
    const orderId = order === null ? null : await idOf(order);
    expect(await listDeadMessages(database.db.pool, house)).toMatchObject([{ id, orderId }]);
    const [incident] = await listOpenIncidents(database.db.pool, house);
    expect(incident?.details).toMatchObject(orderId === null ? {} : { orderId });
    for (const other of [stranger, operator]) {
      expect(await listDeadMessages(database.db.pool, other)).toEqual([]);
      expect(await listOpenIncidents(database.db.pool, other)).toEqual([]);
      expect(await replay(id, other)).toBe('unknown');
      const incidentId = incident?.id ?? '';
      expect(
        await database.db.inTransaction(
          async (tx) => await resolveIncident(tx, { ...other, incidentId }),
        ),
      ).toBe(false);
    }
    expect([await replay(id, house), await replay(id, house)]).toEqual(['opened', 'open']);
    expect(await replay(id, stranger)).toBe('unknown');
  });
});

test('what names nothing we have is for who looks after the machine', async () => {
  const id = await unknownOrder();
  await die(id);
  expect(await listDeadMessages(database.db.pool, stranger)).toEqual([]);
  expect(await listOpenIncidents(database.db.pool, stranger)).toEqual([]);
  expect(await replay(id, stranger)).toBe('unknown');
  expect(await listDeadMessages(database.db.pool, operator)).toMatchObject([{ id }]);
  expect(await listOpenIncidents(database.db.pool, operator)).toHaveLength(1);
});
