import type { Tx } from '#platform/records';
import { clausesOf, type Obligation, type Policy } from './policy.ts';
import { markingOf, type Place, places } from './store.ts';
import { acceptances } from './store-acceptances.ts';
import { lastDone } from './store-reminders.ts';
import { policyVersion } from './store-versions.ts';
import { policyOf } from './versions.ts';

const dayMilliseconds = 86_400_000;

/** When something that comes round is due: so long after it was done last, or after the agreement began. */
export function dueAt(obligation: Obligation, done: Date | undefined, since: Date): Date | null {
  if (obligation.trigger.kind !== 'every') return null;
  return new Date((done ?? since).getTime() + obligation.trigger.days * dayMilliseconds);
}

export type OpenObligation = { readonly id: string; readonly title: string; readonly dueAt: Date };

/**
 * What the organisation's side owes by the calendar and the system enforces, and when each is due next; by
 * `organisation/environment`, for every place where it ever agreed. What is only to be reminded of or recorded is left out: it
 * is overdue for people, and stands in nobody's way.
 * @param ids left out: everywhere
 */
export async function openObligations(
  tx: Tx,
  ids?: readonly string[],
): Promise<ReadonlyMap<string, readonly OpenObligation[]>> {
  const wanted = ids && new Set(ids);
  const asked = (await places(tx)).filter((place) => wanted?.has(placeId(place)) ?? true);
  if (asked.length === 0) return new Map();
  const [only] = asked;
  const organisation = asked.length === 1 ? only?.organisation : undefined;
  const newest = new Map<string, { version: number; at: Date }>();
  for (const one of await acceptances(tx, organisation))
    if (!newest.has(placeId(one))) newest.set(placeId(one), one);
  const done = new Map(
    (await lastDone(tx, organisation)).map((one) => [`${placeId(one)} ${one.obligation}`, one.at]),
  );
  const policies = new Map<number, Policy | undefined>();
  const policy = async (number: number): Promise<Policy | undefined> => {
    if (!policies.has(number)) {
      const version = await policyVersion(tx, number);
      policies.set(number, version && policyOf(version.source));
    }
    return policies.get(number);
  };
  const markings = new Map<string, string>();
  const found = new Map<string, readonly OpenObligation[]>();
  for (const place of asked) {
    const id = placeId(place);
    const accepted = newest.get(id);
    const text = accepted && (await policy(accepted.version));
    if (accepted === undefined || text === undefined) continue;
    const marking = markings.get(place.environment) ?? (await markingOf(tx, place.environment)) ?? '';
    markings.set(place.environment, marking);
    found.set(
      id,
      owedIn(text, marking).flatMap((obligation) => {
        const due = dueAt(obligation, done.get(`${id} ${obligation.id}`), accepted.at);
        return due === null ? [] : [{ id: obligation.id, title: obligation.summary, dueAt: due }];
      }),
    );
  }
  return found;
}

const placeId = ({ organisation, environment }: Place): string => `${organisation}/${environment}`;

/** Gates of their own look at the registers that prove these (contacts-fresh, account-reviewed); a note would prove nothing. */
const provenByRegister: ReadonlySet<string> = new Set(['contacts-confirmed', 'accounts-reviewed']);

const owedIn = (policy: Policy, marking: string): Obligation[] =>
  clausesOf(policy)
    .filter(({ only }) => only === null || only.includes(marking))
    .flatMap(({ obligations }) => obligations)
    .filter(
      ({ id, owner, system }) => owner !== 'provider' && system === 'enforce' && !provenByRegister.has(id),
    );
