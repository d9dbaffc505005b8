import { createHash, randomBytes, randomUUIDv7 } from 'node:crypto';
import type { Executor, Transaction } from '@liventix/shared/db';
import { z } from 'zod';
import { roles } from './access.ts';

/** Unused for an hour, or twelve hours old, a session is over. Half a login is over in five minutes. */
const idle = '1 hour';
const longest = '12 hours';
const halfLogin = '5 minutes';

/** 256 random bits need no slow hash: there is nothing to guess. */
function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

function newToken(): string {
  return randomBytes(32).toString('base64url');
}

/** Begins a session. Its token is returned once and kept nowhere. */
export async function beginSession(
  executor: Executor,
  { userId, awaitsCode }: { readonly userId: string; readonly awaitsCode: boolean },
): Promise<{ sessionId: string; token: string }> {
  const sessionId = randomUUIDv7();
  const token = newToken();
  await executor.raw(
    `insert into user_sessions (id, user_id, token_hash, awaits_code, expires_at)
     values (:sessionId, :userId, :hash, :awaitsCode, clock_timestamp() + :lasts::interval)`,
    { sessionId, userId, hash: hashOf(token), awaitsCode, lasts: awaitsCode ? halfLogin : longest },
  );
  return { sessionId, token };
}

const sessionRow = z.object({
  sessionId: z.uuid(),
  userId: z.uuid(),
  organizationId: z.uuid(),
  role: z.enum(roles),
  email: z.string(),
  name: z.string(),
  awaitsCode: z.boolean(),
  operates: z.boolean(),
});
export type Session = z.output<typeof sessionRow>;

const stalenessRow = sessionRow.extend({ isStale: z.boolean() });

/** Whose session a token is, unless it is over; looking at it is no use of it. */
export async function peekSession(
  executor: Executor,
  token: string,
): Promise<z.output<typeof stalenessRow> | undefined> {
  const { rows } = await executor.raw(
    `select s.id as "sessionId", u.id as "userId", u.organization_id as "organizationId", u.role,
            u.email, u.name, s.awaits_code as "awaitsCode", o.operates,
            s.seen_at < now() - interval '1 minute' as "isStale"
       from user_sessions s
       join users u on u.id = s.user_id
       join organizations o on o.id = u.organization_id
      where s.token_hash = :hash and s.ended_at is null and s.expires_at > now()
        and s.seen_at > now() - :idle::interval and u.removed_at is null`,
    { hash: hashOf(token), idle },
  );
  return stalenessRow.optional().parse(rows[0]);
}

/** Whose session a token is, unless it is over. Its use is noted once a minute. */
export async function findSession(executor: Executor, token: string): Promise<Session | undefined> {
  const found = await peekSession(executor, token);
  if (found?.isStale) {
    await executor.raw('update user_sessions set seen_at = now() where id = :sessionId', {
      sessionId: found.sessionId,
    });
  }
  return found;
}

/** Ends a session: false when it had ended already. */
export async function endSession(executor: Executor, sessionId: string): Promise<boolean> {
  const { rowCount } = await executor.raw(
    `update user_sessions set ended_at = clock_timestamp()
      where id = :sessionId and ended_at is null`,
    { sessionId },
  );
  return rowCount === 1;
}

/** Ends every session of a person, or every other one: after a new password, or when they leave. */
export async function endSessionsOf(
  tx: Transaction,
  { userId, except = null }: { readonly userId: string; readonly except?: string | null },
): Promise<void> {
  await tx.raw(
    `update user_sessions set ended_at = clock_timestamp()
      where user_id = :userId and ended_at is null and id is distinct from :except::uuid`,
    { userId, except },
  );
}

export type LinkPurpose = 'password' | 'login';
const purposes = ['password', 'login'] as const;

/** Makes a way in that works once. Those made for the same person before it work no more. */
export async function makeLoginLink(
  tx: Transaction,
  link: {
    readonly userId: string;
    readonly purpose: LinkPurpose;
    readonly expiresAt: Date;
  },
): Promise<{ token: string }> {
  const token = newToken();
  await endLinksOf(tx, link.userId);
  await tx.raw(
    `insert into login_links (token_hash, user_id, purpose, expires_at)
     values (:hash, :userId, :purpose, :expiresAt)`,
    { ...link, hash: hashOf(token) },
  );
  return { token };
}

/** Ends what would still let a person in: whoever has such a link was to be let in as who they were. */
export async function endLinksOf(tx: Transaction, userId: string): Promise<void> {
  await tx.raw(
    `update login_links set used_at = clock_timestamp()
      where user_id = :userId and used_at is null`,
    { userId },
  );
}

const linkRow = z.object({
  userId: z.uuid(),
  purpose: z.enum(purposes),
  email: z.string(),
  organization: z.string(),
});

/** Whom a link lets in, while it works. Looking at it does not use it up. */
export async function findLoginLink(
  executor: Executor,
  token: string,
): Promise<z.output<typeof linkRow> | undefined> {
  const { rows } = await executor.raw(
    `select u.id as "userId", l.purpose, u.email, o.name as organization
       from login_links l
       join users u on u.id = l.user_id
       join organizations o on o.id = u.organization_id
      where l.token_hash = :hash and l.used_at is null and l.expires_at > now()
        and u.removed_at is null`,
    { hash: hashOf(token) },
  );
  return linkRow.optional().parse(rows[0]);
}

/** Uses a link up: true for one of those who come at once. */
export async function useLoginLink(tx: Transaction, token: string): Promise<boolean> {
  const { rowCount } = await tx.raw(
    `update login_links set used_at = clock_timestamp()
      where token_hash = :hash and used_at is null and expires_at > clock_timestamp()`,
    { hash: hashOf(token) },
  );
  return rowCount === 1;
}

/** Removes sessions, links, tries and refusals that have been over for a week. */
export async function forgetOldLogins(executor: Executor): Promise<void> {
  await executor.raw(`delete from user_sessions where expires_at < now() - interval '7 days'`);
  await executor.raw(`delete from login_links where expires_at < now() - interval '7 days'`);
  await executor.raw(`delete from login_tries where tried_at < now() - interval '7 days'`);
  await executor.raw(`delete from audit_refusals where noted_at < now() - interval '7 days'`);
}
