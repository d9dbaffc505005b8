import { z } from 'zod';

const timestamp = z.iso.datetime({ offset: true });
const role = z.enum(['owner', 'support', 'finance', 'door', 'read_only']);
const scopes = z.array(
  z.enum([
    'organization.write',
    'people.write',
    'events.write',
    'events.read',
    'door.write',
    'orders.mend',
    'orders.refund',
    'queues.mend',
    'privacy.handle',
    'read',
  ]),
);

export const apiKeyView = z.object({
  id: z.uuid(),
  name: z.string(),
  role,
  /** What of its role it may do; null is all of it. */
  scopes: scopes.nullable(),
  /** How the key begins, to tell it from others. */
  prefix: z.string(),
  created_at: timestamp,
  expires_at: timestamp.nullable(),
  revoked_at: timestamp.nullable(),
  last_used_at: timestamp.nullable(),
});
export const apiKeyList = z.object({ api_keys: z.array(apiKeyView) });
export const createApiKeyBody = z
  .strictObject({
    name: z.string().trim().min(1).max(200),
    role,
    scopes: scopes.min(1).max(20).optional(),
    expires_at: timestamp.optional(),
  })
  .meta({ examples: [{ name: 'Box office', role: 'support', scopes: ['read', 'orders.mend'] }] });
/** The key itself is shown this once. */
export const newApiKeyView = z.object({ id: z.uuid(), role, key: z.string() });
export const revokedView = z.object({ id: z.uuid(), status: z.literal('revoked') });

export const peopleList = z.object({
  people: z.array(
    z.object({
      id: z.uuid(),
      email: z.string(),
      name: z.string(),
      role,
      /** Whether they have chosen a password. */
      has_password: z.boolean(),
      /** Whether a login asks them for a code too. */
      has_code: z.boolean(),
      created_at: timestamp,
      seen_at: timestamp.nullable(),
    }),
  ),
});
export const addPersonBody = z
  .strictObject({
    email: z.email().max(254),
    name: z.string().trim().min(1).max(200),
    role,
  })
  .meta({ examples: [{ email: 'grace@example.com', name: 'Grace Hopper', role: 'support' }] });
/** The link works once, for three days; it is shown this once. */
export const loginLinkView = z.object({ id: z.uuid(), link: z.string(), expires_at: timestamp });
export const changeRoleBody = z.strictObject({ role }).meta({ examples: [{ role: 'read_only' }] });
export const personView = z.object({ id: z.uuid(), status: z.enum(['changed', 'removed']) });
