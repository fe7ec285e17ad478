import { type Case, none } from './case.ts';

/** What the system tells of itself. */
export const systemCases: Record<string, Case> = {
  'GET /healthz': none,
  'GET /readyz': none,
  'GET /metrics': none,
  'GET /api/health': none,
  'GET /api/setup': none,
  'POST /api/setup/provider': () => ({ body: { id: 'other', name: 'Other' } }),
  'POST /api/setup/demo': none,
};
