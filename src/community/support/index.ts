/**
 * Remote support: asked for, approved by customer and provider with passkeys, let through by the gate, recorded,
 * summarised and countersigned; break glass; and who looked at a customer's data.
 * Not here: whether somebody is cleared (clearances) and what follows from it (gate): both are asked through ports.
 * INVARIANT: no byte passes between an engineer and a customer's system outside a live session that both sides approved.
 */
export type { ConnectAnswer, ConnectQuestion, CrossRead, People, SupportDeps } from './deps.ts';
export * from './errors.ts';
export { supportRoutes } from './routes.ts';
export { openSupport, type Support, type SupportOptions } from './service.ts';
export { supportFacts } from './gate-facts.ts';
export { type Calendar, national } from './working-days.ts';
