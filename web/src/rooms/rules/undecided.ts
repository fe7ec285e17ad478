import { plural } from '../../parts/words.ts';

/** Why a rule has no answer for some events, and what that means. */
export function undecidedWhy(events: number): string {
  return `${plural(events, 'event')} since the start cost more than one event may before the rule was answered. It may have missed ${events === 1 ? 'it' : 'them'}: make its expression cheaper.`;
}
