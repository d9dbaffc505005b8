import { createHash } from 'node:crypto';
import type { Database } from '@liventix/shared/db';
import { z } from 'zod';
import { delayAfter, patience } from './login-delay.ts';

/** Failures this old are forgotten. */
const memory = '1 day';

interface Try {
  readonly email: string;
  /** Where the try comes from. */
  readonly address: string;
}

/** What a try has in common with others, as hashes: nobody's address lies in the table. */
function subjectsOf({ email, address }: Try): Readonly<Record<keyof typeof patience, string>> {
  const hash = (...parts: string[]) => createHash('sha256').update(parts.join('\0')).digest('hex');
  return {
    accountFromPlace: hash('accountFromPlace', email, address),
    account: hash('account', email),
    place: hash('place', address),
  };
}

const triesRow = z.object({ subject: z.string(), failures: z.int(), waitS: z.number() });

/**
 * Counts a try before the password is looked at, so that guesses sent at once do not all go through:
 * the seconds to wait when it came too early, and 0 when it may be looked at.
 */
export async function takeLoginTry(db: Database, who: Try): Promise<number> {
  const subjects = subjectsOf(who);
  const hashes = Object.values(subjects);
  return await db.inTransaction(async (tx) => {
    await tx.raw(
      `insert into login_tries (subject, failures, blocked_until, tried_at)
       select subject, 0, '-infinity', clock_timestamp()
         from unnest(:hashes::text[]) as subject order by subject
       on conflict (subject) do nothing`,
      { hashes },
    );
    // Locked in one order, so that two tries do not wait for each other.
    const { rows } = await tx.raw(
      `select subject,
              greatest(0, extract(epoch from blocked_until - clock_timestamp()))::float8 as "waitS",
              case when tried_at < clock_timestamp() - :memory::interval then 0 else failures end as failures
         from login_tries where subject = any(:hashes::text[]) order by subject for update`,
      { hashes, memory },
    );
    const tries = z.array(triesRow).parse(rows);
    const waitS = Math.max(...tries.map((one) => one.waitS));
    if (waitS > 0) {
      return waitS;
    }
    for (const [kind, subject] of Object.entries(subjects)) {
      const failures = 1 + (tries.find((one) => one.subject === subject)?.failures ?? 0);
      await tx.raw(
        `update login_tries
            set failures = :failures, tried_at = clock_timestamp(),
                blocked_until = clock_timestamp() + make_interval(secs => :delayS)
          where subject = :subject`,
        {
          subject,
          failures,
          delayS: delayAfter(failures, patience[kind as keyof typeof patience]),
        },
      );
    }
    return 0;
  });
}

/** Somebody got in: their account is patient again. Their place only takes this one try back. */
export async function forgetLoginTries(db: Database, who: Try): Promise<void> {
  const { accountFromPlace, account, place } = subjectsOf(who);
  await db.inTransaction(async (tx) => {
    await tx.raw('delete from login_tries where subject = any(:hashes::text[])', {
      hashes: [accountFromPlace, account],
    });
    await tx.raw(
      'update login_tries set failures = greatest(0, failures - 1) where subject = :place',
      { place },
    );
  });
}
