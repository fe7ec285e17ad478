/**
 * Who is cleared, to what level, sponsored by whom, and when somebody of ours last confirmed it.
 * Not here: what a clearance is needed for (gate). The vetting agency has no interface for programs: a confirmation is a
 * person's record with evidence.
 * INVARIANT: a change is a new version; no version is ever altered.
 */
export {
  type Clearance,
  type ClearanceParameters,
  type Usable,
  usable,
} from './clearance.ts';
export type { ClearanceLevel } from './contract.ts';
export { clearanceOf, latest as latestClearances } from './store.ts';
export { type ClearancesDeps } from './clearances.ts';
export { importClearances } from './import.ts';
export { clearanceRoutes } from './routes.ts';
