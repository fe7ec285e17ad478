import { type Case, day, none } from './case.ts';

/** Changes of the platform: the provider's, whoever else asks. */
export const plannedChangeCases: Record<string, Case> = {
  'GET /api/changes': none,
  'GET /api/changes/{id}': () => ({ path: { id: 'nothing' } }),
  'POST /api/changes': () => ({
    body: {
      environment: 'odce',
      title: 'not mine',
      plan: 'x',
      backOut: 'x',
      risk: 'low',
      from: day.from,
      until: day.to,
    },
  }),
  'POST /api/changes/{id}/decision': () => ({
    path: { id: 'nothing' },
    body: { decision: 'approve', note: 'not mine' },
  }),
  'POST /api/changes/{id}/outcome': () => ({
    path: { id: 'nothing' },
    body: { outcome: 'not-done', note: 'not mine' },
  }),
};
