import { gate, own } from '../gate.ts';

/** SOURCE: CRISP 5.3, 5.4: only data of an environment's level. Asked where the data is known. */
export const classificationAllowed = gate({
  id: 'classification-allowed',
  clause: 'data.classification',
  title: 'The data belongs in the environment',
  outsiders: 'Data of this marking does not belong in this environment.',
  who: 'who owns the data',
  how: 'Use an environment for this marking, or have the marking corrected.',
  needs: ['environment', 'classification'],
  applies: ({ ask }) => ask.resource.type === 'data',
  opens: ({ environment, classification }, { parameters }) => {
    const allowed = own(parameters.classifications, environment.marking) ?? [];
    return (
      allowed.includes(classification) ||
      `${classification} is not among what ${environment.id} (${environment.marking}) takes: ${allowed.join(', ') || 'nothing'}.`
    );
  },
});
