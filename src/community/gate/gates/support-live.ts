import { gate } from '../gate.ts';

/** SOURCE: CRISP 8.1. Approval alone opens nothing: the session has begun, names this engineer, and its minutes run. */
export const supportLive = gate({
  id: 'support-live',
  clause: 'support.session',
  title: 'A support session is live',
  outsiders: 'There is no live support session for this.',
  who: 'the support engineer',
  how: 'Ask for a support session; it begins when both sides have approved.',
  requestable: true,
  link: '/support',
  after: ['customer-approved', 'provider-approved'],
  needs: ['support'],
  applies: ({ action }) => action.support,
  opens: ({ support }, { at, ask, parameters }) => {
    if (support === null) return 'There is no support session of this id.';
    if (support.tenancy !== ask.tenancy) return 'The session is for another tenancy.';
    if (!support.engineers.includes(ask.subject.id)) return 'The session does not name this engineer.';
    if (support.state !== 'live' || support.startedAt === null) return `The session is ${support.state}.`;
    const minutes = Math.min(support.minutes, parameters.supportMinutes);
    const endsAt = new Date(support.startedAt.getTime() + minutes * 60_000);
    if (!(support.startedAt <= at && at < endsAt))
      return `The session's ${minutes} min ended on ${endsAt.toISOString()}.`;
    return { obligations: [{ id: 'end-by', at: endsAt }, { id: 'record-session' }, { id: 'tell-customer' }] };
  },
});
