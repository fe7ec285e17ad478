import type { Case } from './case.ts';

const odce: Case = () => ({ query: '?environment=odce' });
const collection: Case = (acme) => ({ path: { id: acme.collection } });
/** A finding of nobody's: there is none that a customer could know the id of. */
const one: Case = () => ({ path: { id: '00000000-0000-7000-8000-000000000000' } });

/** What is known of the provider's systems, and from where. */
export const evidenceCases: Record<string, Case> = {
  'POST /api/evidence': () => ({
    query: '?environment=odce&kind=acme.hosts',
    body: [{ subject: 'acme-odce', values: {} }],
  }),
  'GET /api/evidence': odce,
  'GET /api/evidence/kinds': odce,
  'GET /api/evidence/collections/{id}': collection,
  'GET /api/evidence/collections/{id}/facts': collection,
  'GET /api/evidence/collections/{id}/raw': collection,
  'GET /api/evidence/judgements': odce,
  'GET /api/evidence/judgements/history': () => ({ query: '?environment=odce&evaluator=x' }),
  'GET /api/evidence/unknown': odce,
  'POST /api/evidence/rejudge': () => ({ body: { environment: 'odce' } }),
  'GET /api/evidence/findings': odce,
  'GET /api/evidence/findings/{id}': one,
  'PATCH /api/evidence/findings/{id}': () => ({
    path: { id: '00000000-0000-7000-8000-000000000000' },
    body: { note: 'acme-odce' },
  }),
};
