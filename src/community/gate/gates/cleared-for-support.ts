import { gate } from '../gate.ts';
import { atLeast, usable } from '../levels.ts';

/** No parameter and no emergency lowers it: nobody uncleared gives remote support for any hosted service. */
export const clearedForSupport = gate({
  id: 'cleared-for-support',
  clause: 'support.never-uncleared',
  title: 'No uncleared person gives remote support',
  outsiders: 'This person may not give remote support.',
  who: "the provider's security officer",
  how: 'Name an engineer who holds a current clearance.',
  link: '/clearances',
  after: ['cleared'],
  needs: ['clearance'],
  applies: ({ action }) => action.support || action.breakGlass || action.customerData,
  opens: ({ clearance }, context) => {
    if (clearance === null)
      return 'No clearance is recorded; without one there is no remote support, in an emergency either.';
    return (
      usable(clearance, context) ??
      (atLeast(clearance.level, 'baseline') ||
        'The person holds no clearance; there is no exception to this.')
    );
  },
});
