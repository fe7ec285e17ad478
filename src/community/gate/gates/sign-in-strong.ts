import { gate } from '../gate.ts';

/** SOURCE: ISM-1682, ISM-1872. */
export const signInStrong = gate({
  id: 'sign-in-strong',
  clause: 'access.phishing-resistant',
  title: 'The sign-in resists phishing',
  outsiders: 'This takes a sign-in with a passkey or smart card.',
  who: 'you',
  how: 'Sign in again with a passkey.',
  needs: ['session'],
  applies: ({ action }) => action.privileged || action.signing,
  opens: ({ session }) => session.phishingResistant || 'The sign-in was without a passkey or smart card.',
});
