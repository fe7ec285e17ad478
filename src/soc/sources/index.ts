/**
 * Where events come from: who a sender is, what was taken of it, what was rejected and why, and whether it fell silent.
 * Not here: the doors (soc/ingest) and what events mean (soc/normalise).
 * INVARIANT: of every source, received = stored + rejected + pending, at every moment; each source belongs to exactly
 * one tenancy and proves itself in exactly one way.
 */
export type { Rejection, SourceDelta } from './counting.ts';
export type { Credential, KnownSource } from './directory.ts';
export { SourceHasNoSecret, SourceTaken } from './errors.ts';
export { plainAddress } from './network.ts';
export type { Log, Operator } from './operator.ts';
export { routes as sourceRoutes } from './routes.ts';
export type { AlertSilence, Silence } from './silence.ts';
export { createSources, type Sources, type SourcesDeps } from './sources.ts';
