/**
 * Work on a foreign file in a thread of its own, which may use so much memory and time and no more: others are answered
 * meanwhile, and what a hostile file does ends with its thread.
 * Not here: what is done with the file (a `worker.ts` of the module that knows it), and how a refusal is worded.
 * INVARIANT: whatever becomes of the work, its thread has ended when the promise is kept or broken.
 */
export { apart, type ApartEnd, type ApartLimits } from './apart.ts';
