import { gate } from '../gate.ts';

/** A customer's people act in their own tenancies; the provider's people act as the provider. */
export const rightOrganisation = gate({
  id: 'right-organisation',
  clause: 'access.own-tenancy',
  title: 'The tenancy is one to act in',
  outsiders: 'This is outside your organisation.',
  who: "the provider's service desk",
  how: 'Use a tenancy of your own organisation; for support, the provider asks for a support session.',
  after: ['subject-active'],
  needs: ['subject', 'tenancy'],
  opens: ({ subject, tenancy }, { action }) => {
    if (action.by === 'provider') return subject.ofProvider || 'Only the provider does this.';
    if (subject.organisation === tenancy.organisation) return true;
    if (action.by === 'either' && subject.ofProvider) return true;
    return `${subject.organisation} is not ${tenancy.organisation}, whose tenancy it is.`;
  },
});
