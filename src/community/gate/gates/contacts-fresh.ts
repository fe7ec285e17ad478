import { days } from '../days.ts';
import { gate } from '../gate.ts';

/** SOURCE: CRISP 9.3; the 90 days are the provider's parameter. */
export const contactsFresh = gate({
  id: 'contacts-fresh',
  clause: 'incident.contacts',
  title: 'The incident contacts are checked',
  outsiders: 'The contacts for security incidents have to be checked first.',
  who: "the organisation's security officer",
  how: 'Check the contacts for security incidents and confirm them.',
  link: '/community',
  needs: ['contacts'],
  applies: ({ action }) => action.provisioning,
  opens: ({ contacts }, { at, parameters }) => {
    if (contacts.checkedAt === null) return 'The contacts for security incidents were never confirmed.';
    return (
      at < days(contacts.checkedAt, parameters.contactsCheckedDays) ||
      `The contacts were confirmed on ${contacts.checkedAt.toISOString()}; ${parameters.contactsCheckedDays} days count.`
    );
  },
});
