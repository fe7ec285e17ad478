/**
 * Changes of the platform: who asked for one, who approved it, when it may be done, and what came of it.
 * Not here: whether somebody may work under one now (gate), and changes of a customer's own systems.
 * INVARIANT: nobody approves a change that they asked for themselves, and an emergency is no exception.
 */
export { type PlannedChange } from './planned-change.ts';
export { closeChange, decideOnChange, requestChange } from './planned-changes.ts';
export { plannedChangeRoutes } from './routes.ts';
export { changesToDecideBy } from './store.ts';
