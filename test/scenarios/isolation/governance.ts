import { type Case, none } from './case.ts';

/** What is known of the provider's systems. */
export const governanceCases: Record<string, Case> = {
  'GET /api/systems': none,
};
