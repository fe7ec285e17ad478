import { type Case, none } from './case.ts';

const askOfAcme = {
  subject: { type: 'email', id: 'p@acme.example' },
  action: { name: 'portal.use' },
  resource: { type: 'tenancy', id: 'acme-odce' },
};

/** Decisions about Acme. */
export const gateCases: Record<string, Case> = {
  'POST /access/v1/evaluation': () => ({ body: askOfAcme }),
  'POST /access/v1/evaluations': () => ({ body: { ...askOfAcme, evaluations: [{}] } }),
  'POST /access/v1/search/subject': () => ({ body: { ...askOfAcme, subject: { type: 'email' } } }),
  'POST /access/v1/search/resource': () => ({ body: { ...askOfAcme, resource: { type: 'tenancy' } } }),
  'POST /access/v1/search/action': () => ({ body: askOfAcme }),
  'GET /.well-known/authzen-configuration': none,
  'POST /access/v1/kubernetes/authorization': () => ({
    body: {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SubjectAccessReview',
      spec: { user: 'p@acme.example', resourceAttributes: { namespace: 'acme-odce', verb: 'get' } },
    },
  }),
  'POST /access/v1/kubernetes/admission': () => ({ body: {} }),
  'GET /api/gate/rules': none,
  'PUT /api/gate/parameters': () => ({ body: {} }),
  'GET /api/gate/applications': none,
  'PUT /api/gate/applications/{id}': () => ({
    path: { id: 'x' },
    body: { id: 'x', subjects: [], resources: [] },
  }),
  'DELETE /api/gate/applications/{id}': () => ({ path: { id: 'x' } }),
  'POST /api/gate/can': () => ({
    body: { action: 'portal.use', resource: { type: 'tenancy', id: 'acme-odce' } },
  }),
  'GET /api/gate/requests': none,
  'POST /api/gate/requests': () => ({
    body: { action: 'portal.use', resource: { type: 'tenancy', id: 'acme-odce' }, rule: 'role-permits' },
  }),
  'PATCH /api/gate/requests/{id}': () => ({ path: { id: 'nothing' }, body: { state: 'done' } }),
  'GET /api/decisions': () => ({ query: '?organisation=acme' }),
  'GET /api/decisions/{id}': () => ({ path: { id: 'nothing' } }),
  'POST /api/decisions/{id}/replay': () => ({ path: { id: 'nothing' } }),
};
