import { gate } from '../gate.ts';

/** SOURCE: CRISP 1.5: government, critical industries, their suppliers. */
export const organisationEligible = gate({
  id: 'organisation-eligible',
  clause: 'community.eligibility',
  title: 'The organisation may be in the community',
  outsiders: 'The organisation is not, or no longer, a member of the community.',
  who: "the provider's governance officer",
  how: 'Record and confirm the basis of its eligibility.',
  requestable: true,
  link: '/community',
  needs: ['organisation'],
  opens: ({ organisation }, { action }) => {
    if (!organisation.eligible) return 'No basis of eligibility is confirmed for the organisation.';
    if (organisation.state === 'active' || organisation.state === 'commencing') return true;
    const leaving = organisation.state === 'leaving' || organisation.state === 'invited';
    return (leaving && action.withoutAgreement) || `The organisation is ${organisation.state}.`;
  },
});
