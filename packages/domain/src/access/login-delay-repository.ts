import { createHash } from 'node:crypto';
import type { Database, Transaction } from '@liventix/shared/db';
import { clientOf } from '@liventix/shared/limits';
import { z } from 'zod';
import { delayAfter, patience } from './login-delay.ts';

/** Failures this old are forgotten. */
const memory = '1 day';

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

const triesRow = z.object({ subject: z.string(), failures: z.int(), waitS: z.number() });

async function readTries(
  tx: Transaction,
  hashes: readonly string[],
): Promise<z.output<typeof triesRow>[]> {
  const { rows } = await tx.raw(
    `select subject,
            greatest(0, extract(epoch from blocked_until - clock_timestamp()))::float8 as "waitS",
            case when tried_at < clock_timestamp() - :memory::interval then 0 else failures end as failures
       from login_tries where subject = any(:hashes::text[])`,
    { hashes, memory },
  );
  return z.array(triesRow).parse(rows);
}

/**
 * Counts a try before the password is looked at, so that guesses sent at once do not all go through:
 * the seconds to wait when it came too early, and 0 when it may be looked at. One that must wait
 * leaves nothing behind, or a flood of invented addresses would fill the table.
 */
export async function takeLoginTry(db: Database, who: Try): Promise<number> {
  const subjects = subjectsOf(who);
  const hashes = Object.values(subjects);
  return await db.inTransaction(async (tx) => {
    await lockSubjects(tx, hashes);
    const tries = await readTries(tx, hashes);
    const waitS = Math.max(0, ...tries.map((one) => one.waitS));
    if (waitS > 0) {
      return waitS;
    }
    for (const [kind, subject] of Object.entries(subjects) as [Kind, string][]) {
      const failures = 1 + (tries.find((one) => one.subject === subject)?.failures ?? 0);
      const delayS = delayAfter(failures, patience[kind]);
      await tx.raw(
        `insert into login_tries (subject, failures, blocked_until, tried_at)
         values (:subject, :failures, clock_timestamp() + make_interval(secs => :delayS),
                 clock_timestamp())
         on conflict (subject) do update
            set failures = excluded.failures, blocked_until = excluded.blocked_until,
                tried_at = excluded.tried_at`,
        { subject, failures, delayS },
      );
    }
    return 0;
  });
}

/** A try was counted and could not be looked at: it is as if it had been one fewer. */
export async function giveBackLoginTry(db: Database, who: Try): Promise<void> {
  await takeBack(db, who, { forgiven: [] });
}

/**
 * Somebody got in, and whomever they are known by, or where they are, is patient with them again. The account
 * takes back this one try alone, whoever was right: an address may have an account in another house too, at which
 * the same guesses were made, and which is not theirs.
 */
export async function forgetLoginTries(db: Database, who: Try): Promise<void> {
  await takeBack(db, who, { forgiven: ['known', 'accountFromPlace'] });
}

async function takeBack(
  db: Database,
  who: Try,
  { forgiven }: { readonly forgiven: readonly Kind[] },
): Promise<void> {
  const subjects = subjectsOf(who);
  const hashes = Object.values(subjects);
  await db.inTransaction(async (tx) => {
    await lockSubjects(tx, hashes);
    const tries = await readTries(tx, hashes);
    for (const [kind, subject] of Object.entries(subjects) as [Kind, string][]) {
      const counted = tries.find((one) => one.subject === subject)?.failures ?? 0;
      const failures = forgiven.includes(kind) ? 0 : Math.max(0, counted - 1);
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
