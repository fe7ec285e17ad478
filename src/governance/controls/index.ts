/**
 * How each control of a system stands: what was answered, what evidence says, what was accepted for a time, and the
 * history of all of it. Not here: the controls' words (frameworks) and the evidence (evidence).
 * INVARIANT: what nobody answered and nothing shows is never met; no answer is altered or lost.
 */
export type { Answer } from './answer.ts';
export { counting } from './answer.ts';
export type { ControlDeps, DefaultResponsibility } from './deps.ts';
export * from './errors.ts';
export { bulkAnswer, putAnswer } from './answering.ts';
export { setResponsibility } from './customers.ts';
export {
  acceptancesOf,
  bearingOffice,
  decideException,
  holdToCeilings,
  lapseExceptions,
  requestException,
} from './exceptions.ts';
export type { Residual } from './exception.ts';
export { responsibilityOf } from './look.ts';
export { recordStandings } from './record.ts';
export { controlRoutes } from './routes.ts';
export { isMet, type Standing } from './standing.ts';
export { createStandings, standingsOf, type StandingsOf, type StandingSources } from './standings.ts';
export { answers, customerParts, type CustomerPart } from './store.ts';
export { type TakenIn, takeIn } from './taken-in.ts';
export { exceptions } from './store-exceptions.ts';
