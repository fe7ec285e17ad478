import { type Case, none } from './case.ts';

const password = 'a long pass phrase of no use';

/** Acme's people, asked for by who provisions another organisation. */
function scimCases(): Record<string, Case> {
  const organisation = 'acme';
  const root = '/scim/v2/{organisation}';
  const operations = { Operations: [{ op: 'replace', path: 'active', value: false }] };
  const all: Case = () => ({ path: { organisation } });
  return {
    [`GET ${root}/ServiceProviderConfig`]: all,
    [`GET ${root}/Schemas`]: all,
    [`GET ${root}/ResourceTypes`]: all,
    [`GET ${root}/Users`]: all,
    [`POST ${root}/Users`]: () => ({ path: { organisation }, body: { userName: 'new@x.example' } }),
    [`GET ${root}/Users/{id}`]: ({ user }) => ({ path: { organisation, id: user } }),
    [`PUT ${root}/Users/{id}`]: ({ user }) => ({
      path: { organisation, id: user },
      body: { userName: 'taken-over@x.example', active: false },
    }),
    [`PATCH ${root}/Users/{id}`]: ({ user }) => ({ path: { organisation, id: user }, body: operations }),
    [`DELETE ${root}/Users/{id}`]: ({ user }) => ({ path: { organisation, id: user } }),
    [`GET ${root}/Groups`]: all,
    [`GET ${root}/Groups/{id}`]: () => ({ path: { organisation, id: 'member' } }),
    [`PATCH ${root}/Groups/{id}`]: ({ user }) => ({
      path: { organisation, id: 'auditor' },
      body: { Operations: [{ op: 'add', path: 'members', value: [{ value: user }] }] },
    }),
  };
}

/** Accounts, sessions, tokens and reviews of Acme's people. */
export const identityCases: Record<string, Case> = {
  'POST /api/first-sign-in': () => ({ body: { token: 'x', name: 'x', email: 'x@x.example', password } }),
  'POST /api/totp/confirm': () => ({ body: { code: '000000' } }),
  'POST /api/session/password': () => ({ body: { email: 'p@acme.example', password, code: '000000' } }),
  'GET /api/session': none,
  'POST /api/session/passkey/options': none,
  'POST /api/session/passkey': () => ({ body: {} }),
  'POST /api/passkeys/options': none,
  'POST /api/passkeys': () => ({ body: {} }),
  'GET /api/users': none,
  'POST /api/users': () => ({
    body: { name: 'x', email: 'x@x.example', roles: ['analyst'], organisation: 'acme' },
  }),
  'PATCH /api/users/{id}': ({ user }) => ({ path: { id: user }, body: { locked: true } }),
  'POST /api/users/{id}/link': ({ user }) => ({ path: { id: user } }),
  'GET /api/tokens': none,
  'POST /api/tokens': () => ({ body: { name: 'x', permissions: ['alert.read'], tenancies: ['acme-odce'] } }),
  'DELETE /api/tokens/{id}': () => ({ path: { id: 'nothing' } }),
  'GET /api/session/issuers': none,
  'GET /api/session/issuers/{id}': () => ({ path: { id: 'nothing' } }),
  'GET /api/session/issuers/{id}/callback': () => ({ path: { id: 'nothing' } }),
  'POST /api/session/issuers/{id}/logout': () => ({ path: { id: 'nothing' }, body: { logout_token: 'x' } }),
  'GET /api/issuers': none,
  'POST /api/issuers': () => ({
    body: { id: 'x', name: 'x', url: 'https://x.example', clientId: 'x', organisation: 'acme' },
  }),
  'PATCH /api/issuers/{id}': () => ({ path: { id: 'nothing' }, body: { enabled: false } }),
  'DELETE /api/issuers/{id}': () => ({ path: { id: 'nothing' } }),
  'GET /api/reviews': none,
  'POST /api/reviews': () => ({ body: { name: 'x', organisation: 'acme' } }),
  'GET /api/reviews/{id}': ({ review }) => ({ path: { id: review } }),
  'POST /api/reviews/{id}/decisions': ({ review, user }) => ({
    path: { id: review },
    body: { users: [user], decision: 'remove', reason: 'not mine' },
  }),
  'POST /api/reviews/{id}/end': ({ review }) => ({ path: { id: review } }),
  'GET /api/break-glass': none,
  'POST /api/break-glass': () => ({ body: { name: 'x', email: 'glass@x.example' } }),
  'POST /api/break-glass/{id}/half': ({ user }) => ({ path: { id: user } }),
  'POST /api/break-glass/uses/{id}/review': () => ({ path: { id: 'nothing' }, body: { outcome: 'x' } }),
  'POST /api/session/break-glass': () => ({
    body: { email: 'p@acme.example', first: 'x', second: 'x', reason: 'a reason of some length' },
  }),
  'POST /api/session/break-glass/test': () => ({
    body: { email: 'p@acme.example', first: 'x', second: 'x', reason: 'a reason of some length' },
  }),
  ...scimCases(),
};
