import { type Case, none } from './case.ts';

const one: Case = () => ({ path: { id: 'nothing' } });
const told =
  (body: unknown): Case =>
  () => ({ path: { id: 'nothing' }, body });

/** The provider's own documents: nobody of a customer has to do with them. */
export const documentCases: Record<string, Case> = {
  'GET /api/documents': none,
  'POST /api/documents': () => ({ body: { kind: 'plan', title: 'x', owner: 'x', text: 'x' } }),
  'GET /api/documents/mine': none,
  'GET /api/documents/mine/{id}': one,
  'GET /api/documents/templates/{id}': () => ({ path: { id: 'system-security-plan' } }),
  'GET /api/documents/{id}': one,
  'PATCH /api/documents/{id}': told({ title: 'not mine' }),
  'POST /api/documents/{id}/versions': told({ text: 'x', summary: 'x' }),
  'POST /api/documents/{id}/versions/{number}/approval': () => ({
    path: { id: 'nothing', number: '1' },
    body: { sha256: 'a'.repeat(64) },
  }),
  'POST /api/documents/{id}/acknowledgements': told({ version: 1, sha256: 'a'.repeat(64) }),
  'POST /api/documents/{id}/reviews': told({ outcome: 'stands', note: 'not mine' }),
  'POST /api/documents/{id}/retirement': told({ reason: 'not mine' }),
  'GET /api/documents/{id}/diff': () => ({ path: { id: 'nothing' }, query: '?from=1&to=2' }),
};
