import { gate } from '../gate.ts';

/** An instance that may have missed a revocation permits nothing. */
export const feedAlive = gate({
  id: 'feed-alive',
  clause: 'gate.revocation',
  title: 'This instance hears changes',
  outsiders: 'Decisions can not be made at the moment. Try again shortly.',
  who: "the provider's operations team",
  how: 'See why this instance does not hear changes: Health shows its database connection.',
  link: '/health',
  needs: ['feed'],
  opens: ({ feed }, { at, parameters }) => {
    const silentSeconds = (at.getTime() - feed.heardUntil.getTime()) / 1000;
    return (
      silentSeconds <= parameters.feedSilentSeconds ||
      `The change feed of this instance has been silent for ${Math.floor(silentSeconds)} s; after ${parameters.feedSilentSeconds} s it denies everything.`
    );
  },
});
