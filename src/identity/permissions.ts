import type { Permission, Role } from './contract.ts';

const reader = [
  'alert.read',
  'event.read',
  'source.read',
  'rule.read',
  'community.read',
] as const satisfies readonly Permission[];

const all = [
  ...reader,
  'alert.work',
  'source.manage',
  'event.send',
  'rule.manage',
  'community.manage',
  'user.read',
  'user.manage',
  'token.manage',
  'ledger.read',
  'health.read',
] as const satisfies readonly Permission[];

/** What each role may do. A person with several roles may do what any of them may. */
export const permissionsOf: Readonly<Record<Role, readonly Permission[]>> = {
  administrator: all,
  'shift-lead': [...reader, 'alert.work', 'source.manage', 'rule.manage', 'user.read', 'health.read'],
  analyst: [...reader, 'alert.work', 'health.read'],
  auditor: [...reader, 'user.read', 'ledger.read', 'health.read'],
  'customer-security-officer': [...reader, 'ledger.read'],
};

export const everyPermission: readonly Permission[] = all;

/** Running the system is the provider's: people of other organisations can't hold the other roles. */
export const rolesOutsideProvider: readonly Role[] = ['analyst', 'auditor', 'customer-security-officer'];

/** What tells about the whole system; withheld from everybody outside the provider whatever their role. */
const providerOnly: readonly Permission[] = [
  'health.read',
  'community.manage',
  'user.manage',
  'rule.manage',
  'source.manage',
];

export function permissionsFor(roles: readonly Role[], ofProvider: boolean): ReadonlySet<Permission> {
  const held = new Set(roles.flatMap((role) => permissionsOf[role]));
  if (!ofProvider) for (const permission of providerOnly) held.delete(permission);
  return held;
}
