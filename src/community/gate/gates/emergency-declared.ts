import { gate } from '../gate.ts';

/** SOURCE: ISM-1611 to 1615. Two people, both CISOs told, a reason, at most an hour. */
export const emergencyDeclared = gate({
  id: 'emergency-declared',
  clause: 'support.break-glass',
  title: 'An emergency is declared',
  outsiders: 'No emergency is declared for this.',
  who: 'two officers of the provider',
  how: 'Declare the emergency together, with its reason; both CISOs are told at once.',
  link: '/support',
  needs: ['breakGlass'],
  applies: ({ action }) => action.breakGlass,
  opens: ({ breakGlass }, { at, ask, parameters }) => {
    if (breakGlass === null) return 'No emergency of this id is declared.';
    const people = new Set(breakGlass.declaredBy);
    if (people.size < 2) return 'Two people have to declare it.';
    if (people.has(ask.subject.id)) return 'Who declared it does not use it.';
    if (breakGlass.reason.trim() === '') return 'It gives no reason.';
    if (!['provider-ciso', 'customer-ciso'].every((office) => breakGlass.told.includes(office)))
      return 'Not both CISOs are told.';
    const minutes = Math.min(breakGlass.minutes, parameters.breakGlassMinutes);
    const endsAt = new Date(breakGlass.startedAt.getTime() + minutes * 60_000);
    if (!(breakGlass.startedAt <= at && at < endsAt))
      return `Its ${minutes} min ended on ${endsAt.toISOString()}.`;
    return { obligations: [{ id: 'end-by', at: endsAt }, { id: 'record-session' }, { id: 'tell-customer' }] };
  },
});
