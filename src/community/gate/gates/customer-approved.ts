import { gate } from '../gate.ts';

/** SOURCE: CRISP 8.1: asked for by the customer, and approved in writing before. No exception, in an emergency either. */
export const customerApproved = gate({
  id: 'customer-approved',
  clause: 'support.customer-approval',
  title: 'The customer approved',
  outsiders: 'The customer has not approved this access.',
  who: "the customer's approver",
  how: 'Read the request and sign it.',
  requestable: true,
  link: '/support',
  needs: ['customerApproval'],
  applies: ({ action }) => action.customerData,
  opens: ({ customerApproval }, { at }) => {
    if (customerApproval === null || customerApproval.by.length === 0)
      return 'There is no written approval of the customer.';
    return (
      at < customerApproval.until ||
      `The customer's approval ended on ${customerApproval.until.toISOString()}.`
    );
  },
});
