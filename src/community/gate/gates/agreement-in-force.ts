import { gate } from '../gate.ts';

/** SOURCE: CRISP 1.6: no service before acceptance. The provider owes no acceptance to itself. */
export const agreementInForce = gate({
  id: 'agreement-in-force',
  clause: 'agreement.acceptance',
  title: 'The agreement is in force',
  outsiders: 'The community policy is not in force for this organisation in this environment.',
  who: "the organisation's CIO or CISO",
  how: 'Read and sign the current version of the community policy.',
  requestable: true,
  link: '/agreements',
  needs: ['tenancy'],
  may: ['agreement'],
  applies: ({ action }) => !action.withoutAgreement,
  opens: ({ tenancy }, { at }, also) => {
    if (tenancy.internal) return true;
    const { state, until, version } = also('agreement');
    const accepted = state === 'accepted' || state === 'superseded-in-grace';
    if (!accepted) return `The agreement is ${state}${version === null ? '' : ` (version ${version})`}.`;
    return (
      until === null ||
      at < until ||
      `The acceptance of version ${version ?? 'unknown'} ended on ${until.toISOString()}.`
    );
  },
});
