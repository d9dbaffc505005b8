import { randomUUIDv7 } from 'node:crypto';
import type { Executor, Transaction } from '@liventix/shared/db';
import { z } from 'zod';
import { type Role, roles } from './access.ts';

const personRow = z.object({
  id: z.uuid(),
  email: z.string(),
  name: z.string(),
  role: z.enum(roles),
  hasPassword: z.boolean(),
  hasCode: z.boolean(),
  createdAt: z.date(),
  seenAt: z.date().nullable(),
});
export type Person = z.output<typeof personRow>;

/** Who of an organization may log in, oldest first. */
export async function listPeople(executor: Executor, organizationId: string): Promise<Person[]> {
  const { rows } = await executor.raw(
    `select id, email, name, role, password_hash is not null as "hasPassword",
            totp_confirmed_at is not null as "hasCode", created_at as "createdAt",
            (select max(seen_at) from user_sessions s where s.user_id = u.id) as "seenAt"
       from users u
      where organization_id = :organizationId and removed_at is null
      order by created_at, id
      limit 500`,
    { organizationId },
  );
  return z.array(personRow).parse(rows);
}

/** Adds a person; undefined when the address is of somebody there already. */
export async function addPerson(
  executor: Executor,
  person: {
    readonly organizationId: string;
    readonly email: string;
    readonly name: string;
    readonly role: Role;
  },
): Promise<{ userId: string } | undefined> {
  const { rows } = await executor.raw(
    `insert into users (id, organization_id, email, name, role)
     values (:id, :organizationId, :email, :name, :role)
     on conflict (organization_id, email) where removed_at is null do nothing
     returning id as "userId"`,
    { id: randomUUIDv7(), ...person, email: person.email.toLowerCase() },
  );
  return z.object({ userId: z.uuid() }).optional().parse(rows[0]);
}

/** The person with this address, in an organization. */
export async function findPerson(
  executor: Executor,
  person: { readonly organizationId: string; readonly email: string },
): Promise<{ userId: string; role: Role } | undefined> {
  const { rows } = await executor.raw(
    `select id as "userId", role from users
      where organization_id = :organizationId and email = :email and removed_at is null`,
    { organizationId: person.organizationId, email: person.email.toLowerCase() },
  );
  return z
    .object({ userId: z.uuid(), role: z.enum(roles) })
    .optional()
    .parse(rows[0]);
}

/**
 * What somebody of an organization is, so that nobody changes it meanwhile: what is decided about its
 * people waits for one lock, and is decided by the roles that they have then.
 */
export async function lockPerson(
  tx: Transaction,
  { organizationId, userId }: { readonly organizationId: string; readonly userId: string },
): Promise<{ role: Role; owners: number } | undefined> {
  await tx.raw('select 1 from organizations where id = :organizationId for no key update', {
    organizationId,
  });
  const { rows } = await tx.raw(
    `select role, (select count(*)::int from users o
                    where o.organization_id = u.organization_id and o.role = 'owner'
                      and o.removed_at is null) as owners
       from users u
      where id = :userId and organization_id = :organizationId and removed_at is null`,
    { userId, organizationId },
  );
  return z
    .object({ role: z.enum(roles), owners: z.int() })
    .optional()
    .parse(rows[0]);
}

export type PersonChange = 'changed' | 'not_found' | 'last_owner';

/**
 * Gives a person another role, or null to let them in no more. An organization keeps an owner: two
 * owners who demote each other at once are kept apart by the lock.
 */
export async function changePerson(
  tx: Transaction,
  change: {
    readonly organizationId: string;
    readonly userId: string;
    readonly role: Role | null;
  },
): Promise<PersonChange> {
  const found = await lockPerson(tx, change);
  if (found === undefined) {
    return 'not_found';
  }
  if (found.role === 'owner' && change.role !== 'owner' && found.owners === 1) {
    return 'last_owner';
  }
  await tx.raw(
    `update users
        set role = coalesce(:role, role),
            removed_at = case when :role::text is null then clock_timestamp() end
      where id = :userId`,
    { userId: change.userId, role: change.role },
  );
  return 'changed';
}

const secretRow = z.object({
  userId: z.uuid(),
  organizationId: z.uuid(),
  passwordHash: z.string().nullable(),
  asksCode: z.boolean(),
});
export type LoginAccount = z.output<typeof secretRow>;

/** Accounts with this address: one an organization, and seldom more than one. */
export async function findLoginAccounts(
  executor: Executor,
  email: string,
): Promise<LoginAccount[]> {
  const { rows } = await executor.raw(
    `select id as "userId", organization_id as "organizationId", password_hash as "passwordHash",
            totp_confirmed_at is not null as "asksCode"
       from users where email = :email and removed_at is null
      order by created_at limit 5`,
    { email: email.toLowerCase() },
  );
  return z.array(secretRow).parse(rows);
}

export async function findLoginAccount(
  executor: Executor,
  userId: string,
): Promise<(LoginAccount & { email: string }) | undefined> {
  const { rows } = await executor.raw(
    `select id as "userId", organization_id as "organizationId", password_hash as "passwordHash",
            totp_confirmed_at is not null as "asksCode", email
       from users where id = :userId and removed_at is null`,
    { userId },
  );
  return secretRow.extend({ email: z.string() }).optional().parse(rows[0]);
}

/**
 * Keeps an account as it is until the transaction ends: false when somebody was removed, or got another
 * password or second factor, since it was looked at. What ends their sessions has seen those that begin here,
 * or comes first.
 */
export async function lockLoginAccount(
  tx: Transaction,
  { userId, passwordHash, asksCode }: LoginAccount,
): Promise<boolean> {
  const { rows } = await tx.raw(
    `select 1 from users
      where id = :userId and removed_at is null
        and password_hash is not distinct from :passwordHash
        and (totp_confirmed_at is not null) = :asksCode
        for no key update`,
    { userId, passwordHash, asksCode },
  );
  return rows.length === 1;
}

export async function setPassword(
  tx: Transaction,
  { userId, passwordHash }: { readonly userId: string; readonly passwordHash: string },
): Promise<void> {
  await tx.raw('update users set password_hash = :passwordHash where id = :userId', {
    userId,
    passwordHash,
  });
}
