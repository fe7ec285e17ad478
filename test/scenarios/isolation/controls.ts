import { type Case, day } from './case.ts';

const system = { environment: 'odce' };
const control = { ...system, control: 'ism-1504' };

/** How the provider's systems stand, and what is left to Acme. */
export const controlCases: Record<string, Case> = {
  'GET /api/systems/{environment}/controls': () => ({ path: system }),
  'GET /api/systems/{environment}/controls/{control}': () => ({ path: control }),
  'GET /api/systems/{environment}/posture': () => ({ path: system }),
  'GET /api/systems/{environment}/changes': () => ({ path: system, query: `?since=${day.from}` }),
  'GET /api/systems/{environment}/upgrade': () => ({ path: system, query: '?edition=x&profile=all' }),
  'PUT /api/systems/{environment}/controls/{control}/answer': () => ({
    path: control,
    body: { status: 'Effective', narrative: 'not mine' },
  }),
  'POST /api/systems/{environment}/answers': () => ({
    path: system,
    body: { controls: ['ism-1504'], set: { status: 'Effective' } },
  }),
  'POST /api/systems/{environment}/reaffirmations': () => ({
    path: system,
    body: { controls: [{ control: 'ism-1504', version: 1 }] },
  }),
  'GET /api/systems/{environment}/exceptions': () => ({ path: system }),
  'POST /api/systems/{environment}/exceptions': () => ({
    path: system,
    body: { control: 'ism-1504', kind: 'exception', reason: 'not mine', until: day.to },
  }),
  'POST /api/systems/{environment}/exceptions/{id}/decision': () => ({
    path: { ...system, id: 'x' },
    body: { decision: 'approve' },
  }),
  'POST /api/systems/{environment}/exceptions/{id}/end': () => ({
    path: { ...system, id: 'x' },
    body: { note: 'not mine' },
  }),
  'GET /api/systems/{environment}/answers.csv': () => ({ path: system }),
  'POST /api/systems/{environment}/answers/import': () => ({ path: system }),
  'GET /api/tenancies/{tenancy}/responsibilities': () => ({ path: { tenancy: 'acme-odce' } }),
  'PUT /api/tenancies/{tenancy}/responsibilities/{control}': () => ({
    path: { tenancy: 'acme-odce', control: 'ism-1504' },
    body: { responsibility: 'Inherited' },
  }),
};
