import type { SupportSession } from '#contract/community/support';
import { age } from '../../parts/words.ts';

const words: Readonly<Record<SupportSession['state'], string>> = {
  requested: 'Asked for',
  'customer-approved': 'Customer approved',
  'provider-approved': 'Both approved',
  live: 'Live',
  ended: 'Ended',
  summarised: 'To countersign',
  countersigned: 'Countersigned',
  refused: 'Refused',
  expired: 'Expired unused',
  cancelled: 'Taken back',
};

export function StateWord({ session }: { session: SupportSession }) {
  const { state, reviewOverdue } = session;
  return (
    <>
      <b className={state === 'live' ? 'high' : state === 'countersigned' ? 'ok' : undefined}>
        {words[state]}
      </b>
      {reviewOverdue && <span className="critical small"> review overdue</span>}
    </>
  );
}

const sides = { customer: 'the customer', provider: 'the provider', engineer: 'the engineer' } as const;

export function waitingWords({ waiting, waitedSeconds }: SupportSession): string {
  return waiting === null ? '' : `${sides[waiting.on]}, ${age(waitedSeconds[waiting.on])} so far`;
}
