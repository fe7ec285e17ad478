import type { ClearanceLevel } from '../facts.ts';
import { type Context, gate } from '../gate.ts';
import { atLeast, strictest, usable } from '../levels.ts';

/** SOURCE: CRISP 3.9, 6.5. The level is data: by environment and action. */
export const cleared = gate({
  id: 'cleared',
  clause: 'personnel.clearance',
  title: 'The clearance is high enough',
  outsiders: 'This person does not meet the personnel security conditions for this action.',
  who: "the provider's security officer",
  how: 'Have the clearance granted, or confirmed with its sponsor, and recorded.',
  requestable: true,
  link: '/clearances',
  needs: ['clearance', 'environment'],
  applies: (context) => context.action.privileged || levelsFor(context, undefined).length > 0,
  opens: ({ clearance, environment }, context) => {
    const wanted = strictest(levelsFor(context, environment.id)) ?? context.parameters.clearanceOtherwise;
    if (wanted === 'none') return true;
    if (clearance === null) return `${wanted.toUpperCase()} is needed; no clearance is recorded.`;
    const fault = usable(clearance, context);
    if (fault !== undefined) return fault;
    return (
      atLeast(clearance.level, wanted) ||
      `${wanted.toUpperCase()} is needed in ${environment.id}; this person holds ${clearance.level.toUpperCase()}.`
    );
  },
});

/** @param environment undefined: in any */
const levelsFor = ({ ask, parameters }: Context, environment: string | undefined): ClearanceLevel[] =>
  parameters.clearances
    .filter(
      (rule) =>
        (rule.action === '*' || rule.action === ask.action) &&
        (rule.environment === '*' || environment === undefined || rule.environment === environment),
    )
    .map(({ level }) => level);
