import { gate } from '../gate.ts';

/** SOURCE: CRISP 8.4: remote work only under its policy. */
export const remoteWorkApproved = gate({
  id: 'remote-work-approved',
  clause: 'access.remote-work',
  title: 'Remote work is approved',
  outsiders: 'Working away from the site has to be approved first.',
  who: "the provider's security officer",
  how: 'Work on site, or have remote work approved for a time.',
  requestable: true,
  link: '/people',
  needs: ['remoteWork'],
  applies: ({ action }) => action.privileged,
  opens: ({ remoteWork }, { at }) => {
    if (!remoteWork.remote) return true;
    if (remoteWork.approvedUntil === null) return 'The person works remotely, and that is not approved.';
    return (
      at < remoteWork.approvedUntil ||
      `Remote work was approved until ${remoteWork.approvedUntil.toISOString()}.`
    );
  },
});
