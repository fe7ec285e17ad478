/**
 * People and programs: who they are, how they prove it, what they may do.
 * Not here: organisations and tenancies (community); identity asks for them through `Directory`.
 * INVARIANT: who can't be told is nobody, and nobody may do nothing.
 */
export {
  type AccountSummary,
  type AccountUse,
  accountByEmail,
  accountById,
  accountFactors,
  accountUses,
  lockOut,
} from './accounts.ts';
export { type Actor, actorOf, systemActor } from './actor.ts';
export { mayWorkOn, type Person, providersPeopleWho, whoMayWork } from './assignees.ts';
export type { PasskeyAnswer, Permission, Role } from './contract.ts';
export type { IdentityDeps } from './deps.ts';
export type { CommunityFacts, Directory } from './directory.ts';
export { firstLink } from './enrolment.ts';
export * from './errors.ts';
export { createGatekeeper, type LocalAdministrator } from './gatekeeper.ts';
export { createPasswords, type Passwords } from './passwords.ts';
export { everyPermission } from './permissions.ts';
export { identityRoutes } from './routes.ts';
export { sweepAccounts } from './reviews/service.ts';
export { createSealer, type Sealer } from './sealer.ts';
export { type Signature, signingOptions, verifySignature } from './signing.ts';
export { adoptStrays as adoptIntoProvider } from './store-users.ts';
export { addUser } from './users.ts';
