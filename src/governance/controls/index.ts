/**
 * How each control of a system stands: what was answered, what evidence says, what was accepted for a time, and the
 * history of all of it. Not here: the controls' words (frameworks) and the evidence (evidence).
 * INVARIANT: what nobody answered and nothing shows is never met; no answer is altered or lost.
 */
export type { Standing } from './standing.ts';
