import { gate } from '../gate.ts';

/** What an application adds for its own resources. It can only narrow: every other gate applies as well. */
export const applicationAllows = gate({
  id: 'application-allows',
  clause: 'application.conditions',
  title: "The application's own conditions",
  outsiders: "The application's own rules do not allow this.",
  who: 'who runs the application',
  how: 'Have its rules for this resource changed.',
  needs: [],
  may: ['application'],
  opens: (_facts, { ask }, also) => {
    if (ask.application === null) return true;
    const { allowed, condition } = also('application');
    return (
      allowed || `No condition of ${ask.application} allows it${condition === '' ? '' : ` (${condition})`}.`
    );
  },
});
