export const roles = ['owner', 'support', 'read_only'] as const;
export type Role = (typeof roles)[number];

export type Action =
  | 'organization.write'
  | 'events.write'
  | 'orders.mend'
  | 'orders.refund'
  | 'read';

const allowed: Readonly<Record<Role, readonly Action[]>> = {
  owner: ['organization.write', 'events.write', 'orders.mend', 'orders.refund', 'read'],
  support: ['orders.mend', 'orders.refund', 'read'],
  read_only: ['read'],
};

/** Whether a role may do this. */
export function mayDo(role: Role, action: Action): boolean {
  return allowed[role].includes(action);
}
