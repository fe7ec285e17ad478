import { type Case, none } from './case.ts';

const system = { environment: 'odce' };
const mapping = {
  source: 'a',
  target: 'b',
  relation: 'equal',
  confidence: 'high',
  rationale: 'not mine',
  author: 'x',
};

/** Frameworks, and what the provider's systems are assessed against. */
export const frameworkCases: Record<string, Case> = {
  'GET /api/frameworks': none,
  'GET /api/frameworks/editions/{id}': () => ({ path: { id: 'x' } }),
  'GET /api/frameworks/diff': () => ({ query: '?from=x&to=y' }),
  'POST /api/frameworks/editions': () => ({ query: '?name=x.json' }),
  'GET /api/systems/{environment}/editions': () => ({ path: system }),
  'PUT /api/systems/{environment}/editions': () => ({ path: system, body: { edition: 'x', profile: 'all' } }),
  'DELETE /api/systems/{environment}/editions/{framework}': () => ({ path: { ...system, framework: 'ism' } }),
  'GET /api/systems/{environment}/tailoring': () => ({ path: system }),
  'POST /api/systems/{environment}/tailoring': () => ({
    path: system,
    body: { control: 'a', choice: 'exclude', reason: 'not mine' },
  }),
  'POST /api/systems/{environment}/tailoring/{control}/decision': () => ({
    path: { ...system, control: 'a' },
    body: { decision: 'approve' },
  }),
  'GET /api/mappings': none,
  'POST /api/mappings': () => ({ body: mapping }),
  'PUT /api/mappings/{id}': () => ({ path: { id: 'x' }, body: mapping }),
  'DELETE /api/mappings/{id}': () => ({ path: { id: 'x' } }),
};
