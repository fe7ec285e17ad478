import { type Case, none } from './case.ts';

const odce = { path: { environment: 'odce' } };

/** The maturity of the provider's environments: no customer's, and no narrowed token's. */
export const essentialEightCases: Record<string, Case> = {
  'GET /api/essential-eight': none,
  'GET /api/essential-eight/{environment}': () => odce,
  'GET /api/essential-eight/{environment}/history': () => odce,
  'PUT /api/essential-eight/{environment}/target': () => ({ ...odce, body: { level: 1 } }),
};
