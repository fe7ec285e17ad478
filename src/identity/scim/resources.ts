import type { Role } from '../contract.ts';
import type { Account } from '../user.ts';

const userSchema = 'urn:ietf:params:scim:schemas:core:2.0:User';
const groupSchema = 'urn:ietf:params:scim:schemas:core:2.0:Group';
const listSchema = 'urn:ietf:params:scim:api:messages:2.0:ListResponse';

/**
 * What a provisioning system may hand out: roles by which nobody else is let in or signed for. Administrators and
 * officers are made by people, here.
 */
export const scimRoles = (ofProvider: boolean): readonly Role[] =>
  ofProvider
    ? ['member', 'analyst', 'shift-lead', 'auditor', 'support-engineer']
    : ['member', 'analyst', 'auditor', 'customer-security-officer', 'approver'];

/** @see RFC 7643, 4.1 */
export function userResource(account: Account, base: string) {
  return {
    schemas: [userSchema],
    id: account.id,
    ...(account.externalId !== null && { externalId: account.externalId }),
    userName: account.email,
    displayName: account.name,
    name: { formatted: account.name },
    emails: [{ value: account.email, type: 'work', primary: true }],
    active: !account.barred,
    groups: account.roles.map((role) => ({ value: role, display: role, type: 'direct' })),
    meta: {
      resourceType: 'User',
      created: account.createdAt.toISOString(),
      location: `${base}/Users/${account.id}`,
    },
  };
}
export type UserResource = ReturnType<typeof userResource>;

/** A role, as a group that people can be put into. @see RFC 7643, 4.2 */
export function groupResource(role: Role, accounts: readonly Account[], base: string) {
  return {
    schemas: [groupSchema],
    id: role,
    displayName: role,
    members: accounts
      .filter(({ roles }) => roles.includes(role))
      .map(({ id, name }) => ({ value: id, display: name, $ref: `${base}/Users/${id}` })),
    meta: { resourceType: 'Group', location: `${base}/Groups/${role}` },
  };
}

const maxCount = 200;

/** @see RFC 7644, 3.4.2.4: a start below 1 is 1, a count below 0 is 0 */
export function listOf<Resource>(all: readonly Resource[], page: { startIndex: number; count: number }) {
  const start = Math.max(page.startIndex, 1);
  const resources = all.slice(start - 1, start - 1 + Math.min(Math.max(page.count, 0), maxCount));
  return {
    schemas: [listSchema],
    totalResults: all.length,
    startIndex: start,
    itemsPerPage: resources.length,
    Resources: resources,
  };
}

/** @see RFC 7643, 5: what this service can do */
export const serviceProviderConfig = {
  schemas: ['urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig'],
  patch: { supported: true },
  bulk: { supported: false, maxOperations: 0, maxPayloadSize: 0 },
  filter: { supported: true, maxResults: maxCount },
  changePassword: { supported: false },
  sort: { supported: false },
  etag: { supported: false },
  authenticationSchemes: [
    {
      type: 'oauthbearertoken',
      name: 'API token',
      description: 'A token with the permission user.provision.',
    },
  ],
};

const attribute = (name: string, more: object = {}) => ({
  name,
  type: 'string',
  multiValued: false,
  required: false,
  caseExact: false,
  mutability: 'readWrite',
  returned: 'default',
  uniqueness: 'none',
  ...more,
});

/** @see RFC 7643, 7 */
export const schemas = [
  {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:Schema'],
    id: userSchema,
    name: 'User',
    attributes: [
      attribute('userName', { required: true, uniqueness: 'server' }),
      attribute('externalId', { caseExact: true }),
      attribute('displayName'),
      attribute('name', { type: 'complex', subAttributes: [attribute('formatted')] }),
      attribute('emails', { type: 'complex', multiValued: true, subAttributes: [attribute('value')] }),
      attribute('active', { type: 'boolean' }),
      attribute('groups', { type: 'complex', multiValued: true, mutability: 'readOnly' }),
    ],
  },
  {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:Schema'],
    id: groupSchema,
    name: 'Group',
    attributes: [
      attribute('displayName', { mutability: 'readOnly' }),
      attribute('members', { type: 'complex', multiValued: true, subAttributes: [attribute('value')] }),
    ],
  },
];

/** @see RFC 7643, 6 */
export const resourceTypes = [
  { name: 'User', endpoint: '/Users', schema: userSchema },
  { name: 'Group', endpoint: '/Groups', schema: groupSchema },
].map((type) => ({
  schemas: ['urn:ietf:params:scim:schemas:core:2.0:ResourceType'],
  id: type.name,
  ...type,
}));
