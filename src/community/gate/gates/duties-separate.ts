import { gate } from '../gate.ts';

/** SOURCE: CRISP 7.3. Who asks, who approves and who does it are different people. */
export const dutiesSeparate = gate({
  id: 'duties-separate',
  clause: 'access.separate-duties',
  title: 'Asked, approved and done by different people',
  outsiders: 'Asking, approving and doing have to be in different hands.',
  who: "the provider's shift lead",
  how: 'Let another person approve, or another engineer do it.',
  link: '/support',
  needs: ['duties'],
  applies: ({ action }) => action.support || action.change,
  opens: ({ duties }, { ask, parameters }) => {
    const { requester, approvers, operator } = duties;
    if (approvers.length === 0) return 'Nobody has approved.';
    if (operator !== ask.subject.id) return `${ask.subject.id} is not who was named to do it.`;
    if (approvers.includes(requester)) return 'Who asked also approved.';
    if (approvers.includes(operator)) return 'Who does it also approved.';
    return parameters.requesterMayOperate || requester !== operator || 'Who does it also asked.';
  },
});
