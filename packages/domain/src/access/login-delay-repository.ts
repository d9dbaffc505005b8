import { createHash } from 'node:crypto';
import type { Database, Transaction } from '@liventix/shared/db';
import { clientOf } from '@liventix/shared/limits';
import { z } from 'zod';
import { delayAfter, failuresLeft, patience } from './login-delay.ts';

interface Try {
  readonly email: string;
  /** Where the try comes from. */
  readonly address: string;
  /** The browser or session that this person is known by: what strangers guess is not its fault. */
  readonly known?: string | undefined;
}

type Kind = keyof typeof patience;
type Subjects = Readonly<Partial<Record<Kind, string>>>;

/**
 * What a try has in common with others, as hashes: nobody's address lies in the table. A place is a
 * whole IPv6 network, of whose 2^64 addresses one client may use another for each try.
 */
function subjectsOf({ email, address, known }: Try): Subjects {
  const hash = (...parts: string[]) => createHash('sha256').update(parts.join('\0')).digest('hex');
  if (known !== undefined) {
    return { known: hash('known', email, known) };
  }
  const client = clientOf(address);
  return {
    accountFromPlace: hash('accountFromPlace', email, client),
    account: hash('account', email),
    place: hash('place', client),
  };
}

/**
 * Tries with something in common come one after the other, rows or not: a row that is not there yet
 * cannot be locked. In one order, so that two tries do not wait for each other.
 */
async function lockSubjects(tx: Transaction, hashes: readonly string[]): Promise<void> {
  await tx.raw(
    `select pg_advisory_xact_lock(key)
       from (select hashtextextended(subject, 0) as key
               from unnest(:hashes::text[]) as subject order by key) as keys`,
    { hashes },
  );
}

const triesRow = z.object({
  subject: z.string(),
  failures: z.int(),
  afterS: z.number(),
  waitS: z.number(),
});

interface Counted {
  readonly kind: Kind;
  readonly subject: string;
  readonly failures: number;
  readonly waitS: number;
}

/** What is counted against each of them by now, rows or not. */
async function readTries(tx: Transaction, subjects: Subjects): Promise<Counted[]> {
  const { rows } = await tx.raw(
    `select subject, failures,
            greatest(0, extract(epoch from blocked_until - clock_timestamp()))::float8 as "waitS",
            greatest(0, extract(epoch from clock_timestamp() - tried_at))::float8 as "afterS"
       from login_tries where subject = any(:hashes::text[])`,
    { hashes: Object.values(subjects) },
  );
  const tries = z.array(triesRow).parse(rows);
  return (Object.entries(subjects) as [Kind, string][]).map(([kind, subject]) => {
    const {
      failures = 0,
      afterS = 0,
      waitS = 0,
    } = tries.find((one) => one.subject === subject) ?? {};
    return {
      kind,
      subject,
      waitS,
      failures: failuresLeft(failures, { afterS, ...patience[kind] }),
    };
  });
}

/**
 * Counts a try before the password is looked at, so that guesses sent at once do not all go through:
 * the seconds to wait when it came too early, and 0 when it may be looked at. One that must wait
 * leaves nothing behind, or a flood of invented addresses would fill the table.
 */
export async function takeLoginTry(db: Database, who: Try): Promise<number> {
  const subjects = subjectsOf(who);
  return await db.inTransaction(async (tx) => {
    await lockSubjects(tx, Object.values(subjects));
    const tries = await readTries(tx, subjects);
    const waitS = Math.max(0, ...tries.map((one) => one.waitS));
    if (waitS > 0) {
      return waitS;
    }
    for (const { kind, subject, failures } of tries) {
      const delayS = delayAfter(failures + 1, patience[kind]);
      await tx.raw(
        `insert into login_tries (subject, failures, blocked_until, tried_at)
         values (:subject, :failures, clock_timestamp() + make_interval(secs => :delayS),
                 clock_timestamp())
         on conflict (subject) do update
            set failures = excluded.failures, blocked_until = excluded.blocked_until,
                tried_at = excluded.tried_at`,
        { subject, failures: failures + 1, delayS },
      );
    }
    return 0;
  });
}

/**
 * A try was right, or could not be looked at: it is as if it had been one fewer. Those before it are forgotten
 * with time alone, whoever was right: an address may have an account in another house too, at which the same
 * guesses were made, and which is not theirs.
 */
export async function giveBackLoginTry(db: Database, who: Try): Promise<void> {
  const subjects = subjectsOf(who);
  await db.inTransaction(async (tx) => {
    await lockSubjects(tx, Object.values(subjects));
    for (const { kind, subject, failures: counted } of await readTries(tx, subjects)) {
      const failures = Math.max(0, counted - 1);
      const delayS = delayAfter(failures, patience[kind]);
      await tx.raw(
        `update login_tries
            set failures = :failures, blocked_until = tried_at + make_interval(secs => :delayS)
          where subject = :subject`,
        { subject, failures, delayS },
      );
    }
  });
}
