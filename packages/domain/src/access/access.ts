export type Role = 'owner' | 'support' | 'read_only';

export type Action = 'events.write' | 'orders.mend' | 'read';

const allowed: Readonly<Record<Role, readonly Action[]>> = {
  owner: ['events.write', 'orders.mend', 'read'],
  support: ['orders.mend', 'read'],
  read_only: ['read'],
};

export function mayDo(role: Role, action: Action): boolean {
  return allowed[role].includes(action);
}
