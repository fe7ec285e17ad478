import { gate } from '../gate.ts';

/** SOURCE: the provider's security governance: CISO or COO, beside the customer. */
export const providerApproved = gate({
  id: 'provider-approved',
  clause: 'support.provider-approval',
  title: "The provider's officer approved",
  outsiders: 'An officer of the provider has not approved this access.',
  who: "the provider's CISO or COO",
  how: 'Approve the request.',
  requestable: true,
  link: '/support',
  after: ['customer-approved'],
  needs: ['providerApproval'],
  applies: ({ action }) => action.customerData && !action.breakGlass,
  opens: ({ providerApproval }, { at, parameters }) => {
    if (providerApproval === null || providerApproval.by.length === 0)
      return "There is no approval of the provider's officers.";
    if (!providerApproval.offices.some((office) => parameters.approvingOffices.includes(office)))
      return `Nobody who approved is ${parameters.approvingOffices.join(' or ')}.`;
    return (
      at < providerApproval.until ||
      `The provider's approval ended on ${providerApproval.until.toISOString()}.`
    );
  },
});
