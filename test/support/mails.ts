import { enqueue } from '@liventix/domain/outbox/repository';
import { waitFor } from '@liventix/shared/testing/wait';
import { z } from 'zod';
import { resend, type World } from './world.ts';

const storedMail = z.object({
  id: z.uuid(),
  kind: z.string(),
  status: z.string(),
  recipient: z.string().nullable(),
  subject: z.string().nullable(),
  html: z.string().nullable(),
  text: z.string().nullable(),
});
export type StoredMail = z.output<typeof storedMail>;

/** Mails of an order as they were sent, oldest first. */
export async function mailsOf(
  world: World,
  order: { readonly orderId: string },
): Promise<StoredMail[]> {
  const { rows } = await world.db.pool.raw(
    `select id, kind, status, recipient, subject, html, body_text as text
       from emails
      where order_id = :orderId
      order by created_at, id`,
    { orderId: order.orderId },
  );
  return z.array(storedMail).parse(rows);
}

/** Handed over; what becomes of it then is told later. */
export function isSent(status: string): boolean {
  return status === 'sent' || status === 'delivered';
}

/** Waits until these mails of the order, and no others, are sent; `kinds` in the order owed. */
export async function mailsBecome(
  world: World,
  order: { readonly orderId: string },
  kinds: readonly string[],
): Promise<StoredMail[]> {
  return await waitFor(
    async () => {
      const mails = await mailsOf(world, order);
      const sent = mails.filter(({ status }) => isSent(status)).map(({ kind }) => kind);
      const isAll = sent.length === mails.length;
      return isAll && JSON.stringify(sent) === JSON.stringify(kinds) ? mails : undefined;
    },
    { what: `mails of ${order.orderId} to be ${kinds.join(', ')}` },
  );
}

/**
 * Waits until all that Resend tells of mails that arrive is done here: that they were sent, and that they were
 * delivered, in whichever order. A test that then changes a mail is not overtaken by either.
 */
export async function allTold(world: World, emailIds: readonly string[]): Promise<void> {
  await waitFor(
    async () => {
      const { rows } = await world.db.pool.raw(
        `select e.payload -> 'data' -> 'tags' ->> 'email_id' as id
           from resend_events e
          where e.processed_at is not null and e.type in ('email.sent', 'email.delivered')
            and e.payload -> 'data' -> 'tags' ->> 'email_id' = any (:emailIds::text[])
          group by 1 having count(distinct e.type) = 2`,
        { emailIds: [...emailIds] },
      );
      return rows.length === emailIds.length;
    },
    { what: `all that is told of ${emailIds.length} mails to be done` },
  );
}

/** Waits until every mail of the order has arrived: nothing more is told of them. */
export async function allDelivered(
  world: World,
  order: { readonly orderId: string },
): Promise<StoredMail[]> {
  const arrived = await waitFor(
    async () => {
      const mails = await mailsOf(world, order);
      return mails.every(({ status }) => status === 'delivered') ? mails : undefined;
    },
    { what: `mails of ${order.orderId} to arrive` },
  );
  await allTold(
    world,
    arrived.map(({ id }) => id),
  );
  return arrived;
}

/** How many mails with this subject Resend took. */
export async function acceptedAs(world: World, mail: StoredMail): Promise<number> {
  const { emails } = (await resend(world, 'books')).body;
  return emails.filter(({ subject }: { subject: string }) => subject === mail.subject).length;
}

/** Asks for a mail to be sent, so many times. Returns the messages. */
export async function askForMail(world: World, emailId: string, times: number): Promise<string[]> {
  return await world.db.inTransaction(async (tx) => {
    const ids: string[] = [];
    for (let n = 0; n < times; n += 1) {
      ids.push(await enqueue(tx, 'email.send', { emailId }));
    }
    return ids;
  });
}

/** Waits until these messages are closed: hundreds of mails go at the pace that Resend allows. */
export async function messagesClosed(world: World, ids: readonly string[]): Promise<void> {
  await waitFor(
    async () => {
      const { rows } = await world.db.pool.raw(
        `select count(*)::int as n from outbox
          where id = any (:ids::uuid[]) and done_at is not null`,
        { ids: [...ids] },
      );
      return rows[0].n === ids.length;
    },
    { what: 'the messages to be closed', timeoutMs: 180_000 },
  );
}
