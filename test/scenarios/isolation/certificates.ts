import { type Case, day, none } from './case.ts';

const one: Case = () => ({ path: { id: 'nothing' } });
const told =
  (body: unknown): Case =>
  () => ({ path: { id: 'nothing' }, body });
const given = {
  title: 'x',
  scope: { statement: 'x', environments: [] },
  assessor: { organisation: 'x' },
  issuedAt: day.from,
};

/** What assessors found of the provider's systems: nobody of a customer has to do with it. */
export const certificateCases: Record<string, Case> = {
  'GET /api/certificates': none,
  'POST /api/certificates': () => ({ body: { ...given, scheme: 'irap' } }),
  'POST /api/certificates/changes': () => ({ body: { environment: 'odce', what: 'not mine', at: day.from } }),
  'GET /api/certificates/{id}': one,
  'PUT /api/certificates/{id}': told({ ...given, note: 'not mine' }),
  'POST /api/certificates/{id}/conditions': told({ text: 'not mine', dueAt: day.to }),
  'POST /api/certificates/{id}/conditions/{condition}/completion': () => ({
    path: { id: 'nothing', condition: 'nothing' },
    body: { note: 'not mine' },
  }),
  'POST /api/certificates/{id}/surveillance': told({ at: day.from, note: 'not mine' }),
  'POST /api/certificates/{id}/withdrawal': told({ reason: 'not mine' }),
  'PUT /api/certificates/{id}/report': () => ({ path: { id: 'nothing' }, query: '?name=x' }),
  'GET /api/certificates/{id}/report': one,
};
