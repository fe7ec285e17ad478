import { gate } from '../gate.ts';

/** SOURCE: CRISP 3.10: screening for OFFICIAL, a Baseline clearance for PROTECTED, attested by the customer. */
export const screened = gate({
  id: 'screened',
  clause: 'personnel.screening',
  title: 'The person is screened',
  outsiders: "Your organisation has to attest this person's screening for this environment.",
  who: "your organisation's security officer",
  how: 'Attest the screening that this environment needs.',
  requestable: true,
  link: '/appointments',
  after: ['subject-active'],
  needs: ['environment', 'screening'],
  applies: ({ action }) => action.by === 'tenant' && !action.withoutAgreement,
  opens: ({ environment, screening }, { at, parameters }) => {
    const higher = parameters.protectedMarkings.includes(environment.marking);
    const until = higher ? screening.baselineUntil : screening.screenedUntil;
    const what = higher ? 'A Baseline clearance' : 'Employment screening';
    if (until === null) return `${what} is not attested; ${environment.id} needs it.`;
    return at < until || `${what} was attested until ${until.toISOString()}.`;
  },
});
