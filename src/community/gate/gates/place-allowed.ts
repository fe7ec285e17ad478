import { gate } from '../gate.ts';

/** SOURCE: CRISP 4.1: from Australian addresses; an exception is agreed by both sides and ends. */
export const placeAllowed = gate({
  id: 'place-allowed',
  clause: 'access.australian-address',
  title: 'The address is in Australia',
  outsiders: 'Access is from Australian addresses only.',
  who: "your organisation's CISO, with the provider's",
  how: 'Connect from Australia, or have a risk-assessed exception agreed for a time.',
  requestable: true,
  link: '/people',
  needs: ['place'],
  may: ['placeException'],
  applies: ({ action }) => action.place || action.privileged,
  opens: ({ place }, { at, parameters }, also) => {
    const { country } = place;
    if (country !== null && parameters.countries.includes(country)) return true;
    const exception = also('placeException');
    const from = country ?? 'an address that is in no list';
    if (exception === null) return `The address is of ${from}; no exception is agreed.`;
    if (!['provider', 'customer'].every((side) => exception.agreedBy.includes(side)))
      return `The address is of ${from}; the exception is not agreed by both sides.`;
    if (country === null || !exception.countries.includes(country))
      return `The address is of ${from}; the exception is for ${exception.countries.join(', ') || 'none'}.`;
    return at < exception.until || `The exception for ${country} ended on ${exception.until.toISOString()}.`;
  },
});
