import { type Permission, permission, type Role } from './contract.ts';

const reader = [
  'alert.read',
  'event.read',
  'source.read',
  'rule.read',
  'community.read',
] as const satisfies readonly Permission[];

/** What everybody who can sign in may do: read the rules of the community, and ask what they themselves may do. */
const everybody = ['community.read', 'agreement.read', 'gate.ask'] as const satisfies readonly Permission[];

const all = permission.options;

/**
 * What each role may do. A person with several roles may do what any of them may.
 * Signing and approving need more than the permission: an appointment in force, and a passkey.
 */
export const permissionsOf: Readonly<Record<Role, readonly Permission[]>> = {
  administrator: all,
  'shift-lead': [
    ...reader,
    ...everybody,
    'alert.work',
    'source.manage',
    'rule.manage',
    'content.read',
    'content.manage',
    'user.read',
    'health.read',
    'change.read',
    'change.request',
    'change.approve',
    'asset.read',
    'governance.read',
  ],
  analyst: [...reader, ...everybody, 'alert.work', 'health.read', 'asset.read', 'content.read'],
  auditor: [
    ...reader,
    ...everybody,
    'user.read',
    'ledger.read',
    'health.read',
    'person.read',
    'decision.read',
    'support.read',
    'change.read',
    'asset.read',
    'governance.read',
    'content.read',
  ],
  'customer-security-officer': [
    ...reader,
    ...everybody,
    'ledger.read',
    'person.read',
    'person.manage',
    'decision.read',
    'support.read',
    'asset.read',
    'asset.manage',
    'governance.read',
  ],
  officer: [
    ...reader,
    ...everybody,
    'ledger.read',
    'agreement.sign',
    'person.read',
    'person.manage',
    'clearance.read',
    'clearance.manage',
    'decision.read',
    'support.read',
    'support.approve',
    'change.read',
    'change.approve',
    'asset.read',
    'asset.manage',
    'governance.read',
    'governance.manage',
    'evidence.send',
    'risk.accept',
    'content.read',
    'content.manage',
  ],
  approver: [...everybody, 'person.read', 'support.read', 'support.approve'],
  'support-engineer': [...everybody, 'support.read', 'support.request', 'change.read', 'change.request'],
  member: everybody,
};

export const everyPermission: readonly Permission[] = all;

/** Running the system is the provider's: people of other organisations can't hold the other roles. */
export const rolesOutsideProvider: readonly Role[] = [
  'analyst',
  'auditor',
  'customer-security-officer',
  'officer',
  'approver',
  'member',
];

/** What tells about the whole system; withheld from everybody outside the provider whatever their role. */
const providerOnly: readonly Permission[] = [
  'health.read',
  'community.manage',
  'user.manage',
  'rule.manage',
  'source.manage',
  'agreement.manage',
  'clearance.read',
  'clearance.manage',
  'support.request',
  'change.read',
  'change.request',
  'change.approve',
  'governance.manage',
  'evidence.send',
  'risk.accept',
  'content.read',
  'content.manage',
  'content.trust',
];

/** What changes or tells about the whole system; a token for some tenancies can't have it, whoever made it. */
export const wholeSystem: ReadonlySet<Permission> = new Set([
  'health.read',
  'community.manage',
  'rule.manage',
  'agreement.manage',
  'governance.manage',
  'content.manage',
  'content.trust',
]);

export function permissionsFor(roles: readonly Role[], ofProvider: boolean): ReadonlySet<Permission> {
  const held = new Set(roles.flatMap((role) => permissionsOf[role]));
  if (!ofProvider) for (const permission of providerOnly) held.delete(permission);
  return held;
}

/** Without an agreement in force: read it, name who signs it, sign it, see one's own entries in the ledger. */
export const withoutAgreement: readonly Permission[] = [
  'community.read',
  'agreement.read',
  'agreement.sign',
  'gate.ask',
  'person.read',
  'person.manage',
  'ledger.read',
];
/** The same where an agreement has ended, for those who take the organisation's data out. */
export const withoutAgreementToExport: readonly Permission[] = [
  ...withoutAgreement,
  'alert.read',
  'event.read',
  'source.read',
];
