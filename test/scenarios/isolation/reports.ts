import { type Case, none } from './case.ts';

const nothing: Case = () => ({ path: { id: '00000000-0000-7000-8000-000000000000' } });
const ofAcme = 'environment=odce&kind=ccm&tenancy=acme-odce';

/** Reports are of the provider's systems; a customer's people reach the matrix of their own tenancies and nothing else. */
export const reportCases: Record<string, Case> = {
  'GET /api/reports/kinds': none,
  'GET /api/reports': none,
  'GET /api/reports/preview': () => ({ query: `?${ofAcme}` }),
  'POST /api/reports': () => ({ body: { environment: 'odce', kind: 'ccm', tenancy: 'acme-odce' } }),
  'GET /api/reports/{id}': nothing,
  'POST /api/reports/{id}/cancel': nothing,
  'GET /api/reports/{id}/changes': () => ({
    path: { id: '00000000-0000-7000-8000-000000000000' },
    query: '?since=00000000-0000-7000-8000-000000000000',
  }),
  'GET /api/reports/{id}/file': nothing,
  'GET /api/reports/{id}/bundle': nothing,
  'POST /api/reports/import': () => ({ query: '?environment=odce' }),
};
