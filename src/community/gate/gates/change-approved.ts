import { gate } from '../gate.ts';

/** SOURCE: CRISP 3.3: approved and scheduled, or an emergency with its reason. */
export const changeApproved = gate({
  id: 'change-approved',
  clause: 'change.approved',
  title: 'The change is approved and scheduled',
  outsiders: 'There is no approved change for this now.',
  who: 'the change manager',
  how: 'Have the change approved and scheduled, or declared an emergency with its reason.',
  requestable: true,
  needs: ['change'],
  applies: ({ action }) => action.change,
  opens: ({ change }, { at }) => {
    if (change === null) return 'There is no change of this id.';
    if (change.state === 'rejected' || change.state === 'closed') return `The change is ${change.state}.`;
    const emergency = change.emergencyReason !== null && change.emergencyReason.trim() !== '';
    if (change.state !== 'approved' && !emergency) return 'The change is not approved.';
    return (
      (change.from <= at && at < change.until) ||
      `The change is for ${change.from.toISOString()} to ${change.until.toISOString()}.`
    );
  },
});
