import { gate } from '../gate.ts';

export const tenancyOpen = gate({
  id: 'tenancy-open',
  clause: 'community.tenancy-state',
  title: 'The tenancy is open',
  outsiders: 'The tenancy is not in service.',
  who: "the provider's governance officer",
  how: 'Bring the tenancy into service, or lift its suspension.',
  requestable: true,
  link: '/community',
  after: ['organisation-eligible'],
  needs: ['tenancy'],
  opens: ({ tenancy }, { action }) => {
    if (tenancy.state === 'active') return true;
    if (tenancy.state === 'commencing' && (action.provisioning || action.withoutAgreement)) return true;
    const stillOurs =
      tenancy.state === 'leaving' || tenancy.state === 'invited' || tenancy.state === 'suspended';
    return (stillOurs && action.withoutAgreement) || `The tenancy is ${tenancy.state}.`;
  },
});
