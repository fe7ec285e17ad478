import { gate } from '../gate.ts';

/** SOURCE: CRISP 8.5: only approved technology. */
export const deviceManaged = gate({
  id: 'device-managed',
  clause: 'access.managed-device',
  title: 'The device is managed',
  outsiders: 'This takes a managed device.',
  who: "the provider's workplace team",
  how: 'Use a managed device, or have this one enrolled.',
  requestable: true,
  needs: ['device'],
  applies: ({ action }) => action.privileged,
  opens: ({ device }) => device.managed || 'The device is not managed.',
});
