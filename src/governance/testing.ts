/** The community that tests of governance stand on, on each engine there is. */
export { type CommunityWorld, engines, openCommunity } from '../community/organisations/testing.ts';
