import { changed } from '#community';
import { type OrganisationRecord, organisationRecords, tenancyStates } from '#community/organisations';
import type { Actor } from '#identity';
import { Invalid, NotFound } from '#platform/errors';
import type { Tx } from '#platform/records';
import { access, type AgreementDeps, byOf, record } from './deps.ts';
import { dueAt } from './owed.ts';
import { type Clause, clausesOf, type Obligation, type ServiceMatrix } from './policy.ts';
import { signerOf } from './reading.ts';
import { successionDeadline } from './remind.ts';
import { type AgreementState, inForce, stateAt } from './state.ts';
import { factsOf, markingOf, type Place, places } from './store.ts';
import { type Acceptance, acceptances } from './store-acceptances.ts';
import { insertDone, lastDone, type Reminder, reminders } from './store-reminders.ts';
import { policyVersion, policyVersions } from './store-versions.ts';
import { policyOf } from './versions.ts';

/** Where customers and partners are, or have ever been invited to. */
export async function placesKnown(tx: Tx, organisation?: string): Promise<Place[]> {
  const tenancies = (await tenancyStates(tx, organisation)).filter(({ internal }) => !internal);
  const known = new Map<string, Place>();
  for (const { organisation: of, environment } of [...tenancies, ...(await places(tx))])
    if (organisation === undefined || of === organisation)
      known.set(`${of}/${environment}`, { organisation: of, environment });
  return [...known.values()].sort((a, b) =>
    `${a.organisation}/${a.environment}` < `${b.organisation}/${b.environment}` ? -1 : 1,
  );
}

export type Standing = Place & {
  readonly name: string;
  readonly marking: string;
  readonly state: AgreementState;
  readonly inForce: boolean;
  /** By when a successor of the signer is to confirm; null when nobody has to. */
  readonly successorBy: Date | null;
};
export type Overview = {
  readonly standings: readonly Standing[];
  readonly acceptances: readonly Acceptance[];
  readonly reminders: readonly Reminder[];
  /** The newest published version; null before the first. */
  readonly newest: number | null;
  /** The actor holds an appointment to sign for their organisation. */
  readonly maySign: boolean;
};

/** The provider sees the community, others their own organisation. */
export function overview(deps: AgreementDeps, actor: Actor): Promise<Overview> {
  const organisation = actor.ofProvider ? undefined : actor.organisation;
  return deps.records.transaction(access, async (tx) => {
    const now = deps.clock.now();
    const names = new Map((await organisationRecords(tx, organisation)).map((one) => [one.id, one]));
    const standings: Standing[] = [];
    for (const place of await placesKnown(tx, organisation))
      standings.push(await standingOf(tx, place, names.get(place.organisation), now));
    const published = (await policyVersions(tx)).filter(({ state }) => state === 'published');
    return {
      standings,
      acceptances: await acceptances(tx, organisation),
      reminders: await reminders(tx, organisation),
      newest: published.at(-1)?.number ?? null,
      maySign: !actor.ofProvider && (await signerOf(deps, tx, actor, actor.organisation)) !== undefined,
    };
  });
}

async function standingOf(
  tx: Tx,
  place: Place,
  organisation: OrganisationRecord | undefined,
  now: Date,
): Promise<Standing> {
  const state = stateAt(await factsOf(tx, place), now);
  return {
    ...place,
    name: organisation?.name ?? place.organisation,
    marking: (await markingOf(tx, place.environment)) ?? '',
    state,
    inForce: inForce(state),
    successorBy: inForce(state) ? await successionDeadline(tx, place, now) : null,
  };
}

export type Owed = {
  readonly place: Place;
  readonly clause: Pick<Clause, 'id' | 'number' | 'title'>;
  readonly obligation: Obligation;
  readonly lastDone: { readonly at: Date; readonly by: string; readonly note: string } | null;
  /** Only where it comes round by the calendar. */
  readonly dueAt: Date | null;
};

/** Who owes what, by the version each agreement is for; and the responsibilities by service. */
export function obligations(
  deps: AgreementDeps,
  actor: Actor,
): Promise<{ owed: Owed[]; responsibilities: readonly ServiceMatrix[] }> {
  return deps.records.transaction(access, async (tx) => {
    const organisation = actor.ofProvider ? undefined : actor.organisation;
    const done = await lastDone(tx, undefined);
    const owed: Owed[] = [];
    const all = await acceptances(tx, organisation);
    let responsibilities: readonly ServiceMatrix[] = [];
    for (const place of await placesKnown(tx, organisation)) {
      const state = stateAt(await factsOf(tx, place), deps.clock.now());
      const accepted = all.find(
        (one) => one.organisation === place.organisation && one.environment === place.environment,
      );
      const version = accepted && inForce(state) ? await policyVersion(tx, accepted.version) : undefined;
      if (accepted === undefined || version === undefined) continue;
      const policy = policyOf(version.source);
      const marking = (await markingOf(tx, place.environment)) ?? '';
      responsibilities = policy.responsibilities;
      for (const clause of clausesOf(policy)) {
        if (clause.only !== null && !clause.only.includes(marking)) continue;
        for (const obligation of clause.obligations) {
          const last = done.find(
            (one) =>
              one.obligation === obligation.id &&
              one.organisation === place.organisation &&
              one.environment === place.environment,
          );
          owed.push({
            place,
            clause: { id: clause.id, number: clause.number, title: clause.title },
            obligation,
            lastDone: last === undefined ? null : { at: last.at, by: last.by.name, note: last.note },
            dueAt: dueAt(obligation, last?.at, accepted.at),
          });
        }
      }
    }
    return { owed, responsibilities };
  });
}

/**
 * Somebody says that it was done, for their own side: a customer for what it owes, the provider for what it owes them.
 * @throws {NotFound} {Invalid}
 */
export async function noteDone(
  deps: AgreementDeps,
  actor: Actor,
  given: Place & { obligation: string; note: string },
): Promise<void> {
  const { owed } = await obligations(deps, actor);
  const one = owed.find(
    ({ place, obligation }) =>
      obligation.id === given.obligation &&
      place.organisation === given.organisation &&
      place.environment === given.environment,
  );
  if (one === undefined) throw new NotFound('obligation', given.obligation);
  const { owner } = one.obligation;
  if (owner !== 'both' && (owner === 'provider') !== actor.ofProvider)
    throw new Invalid(`This is for the ${owner} to do, and to say.`);
  await deps.records.transaction(access, async (tx) => {
    const place = { organisation: given.organisation, environment: given.environment };
    const { obligation, note } = given;
    await insertDone(tx, { ...place, obligation, note, at: deps.clock.now(), by: byOf(actor) });
    await changed(tx, { kind: 'obligation', id: `${place.organisation}/${place.environment}` });
    await record(deps, tx, actor, {
      action: 'obligation.done',
      subject: `obligation/${obligation}`,
      place,
      facts: { note },
    });
  });
}
