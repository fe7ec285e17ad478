import { gate } from '../gate.ts';

export const appointedToSign = gate({
  id: 'appointed-to-sign',
  clause: 'agreement.signer',
  title: 'The signer is appointed',
  outsiders: 'Signing takes a verified appointment as CIO or CISO.',
  who: 'the head of your organisation',
  how: 'Have the appointment recorded with its evidence, and verified.',
  requestable: true,
  link: '/appointments',
  needs: ['appointments'],
  applies: ({ action }) => action.signing,
  opens: ({ appointments }, { at, parameters }) =>
    appointments.some(
      ({ office, verified, from, until }) =>
        verified && from <= at && at < until && parameters.signingOffices.includes(office),
    ) || `No verified appointment in force as ${parameters.signingOffices.join(' or ')}.`,
});
