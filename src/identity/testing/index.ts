/** What tests of other modules sign in with: a system with people, and a passkey in software. Not for anything but tests. */
export { authenticator } from '../testing-authenticator.ts';
export { openWorld, type Signed, type World } from '../testing.ts';
