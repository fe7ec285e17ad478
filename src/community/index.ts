/**
 * The community: environments, organisations, and the tenancies that put the one into the other.
 * Not here: people and what they may do (identity), sources and events (soc).
 * INVARIANT: there is at most one provider, and it has an internal tenancy in every environment.
 */
export { tenancyIdOf } from './community.ts';
export * from './errors.ts';
export { communityRoutes } from './routes.ts';
export {
  addOrganisation,
  addTenancy,
  type CommunityDeps,
  type CommunityWatch,
  directory,
  setUpProvider,
  watchCommunity,
} from './service.ts';
export {
  type Change,
  changed,
  type ChangeFeed,
  type ChangeKind,
  type FeedDeps,
  listenToChanges,
} from './changes.ts';
