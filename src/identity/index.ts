/**
 * People and programs: who they are, how they prove it, what they may do.
 * Not here: organisations and tenancies (community); identity asks for them through `Directory`.
 * INVARIANT: who can't be told is nobody, and nobody may do nothing.
 */
export { type Actor, actorOf, NoTenancy, systemActor } from './actor.ts';
export type { Permission, Role } from './contract.ts';
