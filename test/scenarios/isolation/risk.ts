import type { Case } from './case.ts';

const odce: Case = () => ({ path: { environment: 'odce' } });
const told =
  (body: unknown): Case =>
  () => ({ path: { environment: 'odce' }, body });
const nobodys = { id: '00000000-0000-7000-8000-000000000000' };

/** Risks are of the provider's systems, customers' assets among them: no customer sees any of it. */
export const riskCases: Record<string, Case> = {
  'GET /api/risk/{environment}': odce,
  'GET /api/risk/{environment}/runs': odce,
  'POST /api/risk/{environment}/runs': odce,
  'POST /api/risk/{environment}/runs/{id}/again': () => ({ path: { environment: 'odce', ...nobodys } }),
  'POST /api/risk/{environment}/what-if': told({ findings: ['x'] }),
  'GET /api/risk/{environment}/parameters': odce,
  'PUT /api/risk/{environment}/parameters': told({ version: 0, parameters: {}, why: 'acme-odce' }),
  'GET /api/risk/{environment}/register': odce,
  'POST /api/risk/{environment}/register': told({
    title: 'not mine',
    judged: { low: 0.1, high: 0.2, band: 3 },
    treatment: 'retain',
    owner: 'x',
  }),
  'GET /api/risk/register/{id}': ({ risk }) => ({ path: { id: risk } }),
  'PATCH /api/risk/register/{id}': ({ risk }) => ({ path: { id: risk }, body: { note: 'not mine' } }),
  'POST /api/risk/register/{id}/acceptance': ({ risk }) => ({
    path: { id: risk },
    body: { ceiling: 0.5, until: '2030-01-01T00:00:00Z', why: 'not mine' },
  }),
  'GET /api/risk/{environment}/findings': odce,
  'POST /api/risk/{environment}/findings/import': told({ matches: [] }),
  'POST /api/risk/feeds': () => ({ body: { vulnerabilities: [] } }),
};
