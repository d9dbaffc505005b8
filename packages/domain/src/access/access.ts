export const roles = ['owner', 'support', 'finance', 'door', 'read_only'] as const;
export type Role = (typeof roles)[number];

export const actions = [
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
] as const;
export type Action = (typeof actions)[number];

/** `read` shows what buyers and money are concerned; who stands at a door sees events alone. */
const allowed: Readonly<Record<Role, readonly Action[]>> = {
  owner: actions,
  support: ['orders.mend', 'orders.refund', 'read', 'events.read'],
  finance: ['orders.refund', 'read', 'events.read'],
  door: ['door.write', 'events.read'],
  read_only: ['read', 'events.read'],
};

/** Who asks: a key or a person, in one organization. */
export interface Holder {
  readonly role: Role;
  /** What of the role a key may do; null is all of it. */
  readonly scopes: readonly Action[] | null;
}

/** Whether somebody may do this: the role allows it, and their scopes do not leave it out. */
export function mayDo({ role, scopes }: Holder, action: Action): boolean {
  return allowed[role].includes(action) && (scopes === null || scopes.includes(action));
}

/** What one may do that the other may not. */
export function actionsBeyond(asking: Holder, other: Holder): readonly Action[] {
  return actions.filter((action) => mayDo(other, action) && !mayDo(asking, action));
}

/** The roles that may do this. */
export function rolesFor(action: Action): readonly Role[] {
  return roles.filter((role) => mayDo({ role, scopes: null }, action));
}
