import { gate } from '../gate.ts';

/** SOURCE: CRISP 2.2, 3.1, 11.4 (business impact, named officers, procedures handed over). */
export const commencementComplete = gate({
  id: 'commencement-complete',
  clause: 'commencement.conditions',
  title: 'The conditions to begin are met',
  outsiders: 'Not all conditions to begin service are met.',
  who: "the organisation's security officer, with the provider's",
  how: 'Complete the conditions of commencement that the page lists.',
  link: '/community',
  after: ['agreement-in-force'],
  needs: ['commencement'],
  applies: ({ action }) => action.provisioning,
  opens: ({ commencement }) => {
    const open = commencement.filter(({ met }) => !met).map(({ title }) => title);
    return open.length === 0 || `Not met: ${open.join('; ')}.`;
  },
});
