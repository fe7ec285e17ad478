import { gate } from '../gate.ts';

/** SOURCE: the provider's security governance: foreign nationals get no privileged and no customer access; ISM-0409, 0411. */
export const citizen = gate({
  id: 'citizen',
  clause: 'personnel.citizenship',
  title: 'Citizenship',
  outsiders: 'This person does not meet the personnel security conditions for this action.',
  who: "the provider's security officer",
  how: 'Name a person who meets the condition of citizenship.',
  link: '/clearances',
  needs: ['citizenship'],
  applies: ({ action }) => action.privileged || action.customerData,
  opens: ({ citizenship }, { at, parameters }) => {
    if (citizenship.countries.some((country) => parameters.citizenships.includes(country))) return true;
    const { waivedUntil } = citizenship;
    if (parameters.citizenshipWaivers && waivedUntil !== null && at < waivedUntil) return true;
    return `Citizenship of ${parameters.citizenships.join(' or ')} is needed${waivedUntil === null ? '' : parameters.citizenshipWaivers ? '; the waiver has ended' : '; waivers do not count here'}.`;
  },
});
