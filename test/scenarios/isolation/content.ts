import { type Case, none } from './case.ts';

/** What is imported is the whole system's: nobody of a customer has to do with it. */
export const contentCases: Record<string, Case> = {
  'GET /api/content': none,
  'POST /api/content/packs': () => ({ query: '?name=x&version=1' }),
  'POST /api/content/downloads': () => ({ body: { url: 'http://127.0.0.1:9/x.zip' } }),
  'GET /api/content/packs/{id}': ({ pack }) => ({ path: { id: pack } }),
  'GET /api/content/packs/{id}/diff': ({ pack }) => ({ path: { id: pack }, query: `?with=${pack}` }),
  'PATCH /api/content/packs/{id}': ({ pack }) => ({ path: { id: pack }, body: { active: false } }),
  'DELETE /api/content/packs/{id}': ({ pack }) => ({ path: { id: pack } }),
  'POST /api/content/rollbacks': () => ({ body: { kind: 'rules', name: 'ironbark-core' } }),
  'POST /api/content/keys': () => ({ body: { name: 'x', publicKey: 'not mine' } }),
  'DELETE /api/content/keys/{id}': () => ({ path: { id: 'nothing' } }),
};
