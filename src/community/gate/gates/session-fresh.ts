import { gate } from '../gate.ts';

/** SOURCE: ISM-0428: 15 minutes idle, 12 hours in all. */
export const sessionFresh = gate({
  id: 'session-fresh',
  clause: 'access.session',
  title: 'The sign-in is fresh',
  outsiders: 'The sign-in is too old.',
  who: 'you',
  how: 'Sign in again.',
  needs: ['session'],
  applies: ({ action }) => action.session || action.privileged,
  opens: ({ session }, { at, parameters }) => {
    const ageHours = (at.getTime() - session.beganAt.getTime()) / 3_600_000;
    const idleMinutes = (at.getTime() - session.lastActiveAt.getTime()) / 60_000;
    if (!(ageHours < parameters.sessionHours))
      return `The session began ${ageHours.toFixed(1)} h ago; ${parameters.sessionHours} h count.`;
    return (
      idleMinutes < parameters.idleMinutes ||
      `The session was idle for ${Math.floor(idleMinutes)} min; ${parameters.idleMinutes} min count.`
    );
  },
});
