import { changed } from '#community';
import { lockPerson, mustReach, type OrganisationsDeps, type Person, people } from '#community/organisations';
import type { Actor } from '#identity';
import { Conflict, Invalid, NotAllowed, NotFound } from '#platform/errors';
import type { Tx } from '#platform/records';
import { systemAccess } from '#platform/scope';
import type { z } from 'zod';
import { type Clearance, clearanceParameters, type ClearanceParameters, usable } from './clearance.ts';
import type { clearanceHistory, ClearanceInput, ClearanceView } from './contract.ts';
import { history, insert, latest } from './store.ts';

export type ClearancesDeps = Pick<OrganisationsDeps, 'records' | 'clock' | 'ledger'> & {
  readonly parameters?: ClearanceParameters;
};

const access = systemAccess('manage clearances');
const parametersOf = (deps: ClearancesDeps): ClearanceParameters => deps.parameters ?? clearanceParameters;

/** Everybody's who has one recorded and is still here. For the provider's people only: the permission is withheld from others. */
export function listClearances(deps: ClearancesDeps, actor: Actor): Promise<ClearanceView[]> {
  mustBeProvider(actor);
  return deps.records.transaction(access, async (tx) => {
    const present = new Map((await people(tx, undefined)).map((person) => [person.id, person]));
    return (await latest(tx)).flatMap((clearance) => {
      const person = present.get(clearance.personId);
      return person === undefined || person.endedAt !== null ? [] : [view(deps, clearance, person)];
    });
  });
}

/** @throws {NotFound} {Invalid} */
export function setClearance(
  deps: ClearancesDeps,
  actor: Actor,
  personId: string,
  input: ClearanceInput,
): Promise<ClearanceView> {
  return change(deps, actor, personId, (person, before, now) => {
    checkWaiver(input);
    return {
      ...carried(before, input),
      ...fields(person.id, input, before),
      change: 'set',
      by: who(actor),
      at: now,
    };
  });
}

/** One of our security officers asked the sponsor, and it stands as recorded. @throws {NotFound} {Conflict} {Invalid} */
export function confirmClearance(
  deps: ClearancesDeps,
  actor: Actor,
  personId: string,
  evidence: string,
): Promise<ClearanceView> {
  return change(deps, actor, personId, (person, before, now) => {
    if (before === undefined)
      throw new Conflict('There is nothing to confirm yet. Record the clearance first.');
    if (person.userId !== null && person.userId === actor.userId)
      throw new Invalid('Nobody can confirm their own clearance. A colleague has to do it.');
    return {
      ...before,
      version: before.version + 1,
      confirmedAt: now,
      confirmedBy: actor.name,
      confirmationEvidence: evidence,
      change: 'confirmed',
      by: who(actor),
      at: now,
    };
  });
}

/** Newest first. @throws {NotFound} */
export function clearanceChanges(
  deps: ClearancesDeps,
  actor: Actor,
  personId: string,
): Promise<z.infer<typeof clearanceHistory>['changes']> {
  mustBeProvider(actor);
  return deps.records.transaction(access, async (tx) => {
    const all = await history(tx, personId);
    if (all.length === 0) throw new NotFound('clearance', personId);
    return all.map((one) => ({
      ...shown(one),
      change: one.change,
      by: one.by.name,
      at: one.at.toISOString(),
    }));
  });
}

type Next = (person: Person, before: Clearance | undefined, now: Date) => Clearance;

function change(deps: ClearancesDeps, actor: Actor, personId: string, next: Next): Promise<ClearanceView> {
  mustBeProvider(actor);
  return deps.records.transaction(access, async (tx) => {
    // The lock keeps versions without gaps; whoever left has nothing to change.
    const person = await lockPerson(tx, personId);
    await mustReach(tx, actor, person?.organisation, { kind: 'person', id: personId });
    if (person === undefined || person.endedAt !== null) throw new NotFound('person', personId);
    const [before] = await latest(tx, [personId]);
    const after = next(person, before, deps.clock.now());
    await insert(tx, after);
    await note(deps, tx, actor, after);
    return view(deps, after, person);
  });
}

/** The ledger says that it changed and who did it, and not what it says: not everybody who reads the ledger may know. */
export async function note(deps: ClearancesDeps, tx: Tx, actor: Actor, after: Clearance): Promise<void> {
  await changed(tx, { kind: 'clearance', id: after.personId });
  // Citizenship is kept with the clearance and decided upon with the person.
  await changed(tx, { kind: 'person', id: after.personId });
  await deps.ledger.record(tx, {
    actor,
    action: `clearance.${after.change}`,
    subject: `person/${after.personId}`,
    facts: { version: after.version },
  });
}

/** A confirmation was of a level, a status and a sponsor: with another of these it is none. */
export function carried(
  before: Clearance | undefined,
  input: Pick<ClearanceInput, 'level' | 'status' | 'sponsor'>,
): Pick<Clearance, 'confirmedAt' | 'confirmedBy' | 'confirmationEvidence'> {
  const same =
    before !== undefined &&
    before.level === input.level &&
    before.status === input.status &&
    before.sponsor === input.sponsor;
  return {
    confirmedAt: same ? before.confirmedAt : null,
    confirmedBy: same ? before.confirmedBy : null,
    confirmationEvidence: same ? before.confirmationEvidence : null,
  };
}

export const fields = (personId: string, input: ClearanceInput, before: Clearance | undefined) => ({
  personId,
  version: (before?.version ?? 0) + 1,
  ...input,
  waiverUntil: input.waiverUntil === null ? null : new Date(input.waiverUntil),
});

export const who = (actor: Actor) => ({ id: actor.id, name: actor.name });

export function mustBeProvider(actor: Actor): void {
  if (!actor.ofProvider) throw new NotAllowed('clearance.read');
}

function checkWaiver({ waiver, waiverUntil }: ClearanceInput): void {
  if ((waiver === null) !== (waiverUntil === null))
    throw new Invalid('A waiver has a risk assessment and an end: give both, or neither.');
}

function view(deps: ClearancesDeps, clearance: Clearance, person: Person): ClearanceView {
  const found = usable(clearance, deps.clock.now(), parametersOf(deps));
  return {
    person: { id: person.id, name: person.name, email: person.email, organisation: person.organisation },
    ...shown(clearance),
    usable: found.usable,
    why: [...found.why],
  };
}

const shown = (one: Clearance) => ({
  version: one.version,
  level: one.level,
  status: one.status,
  sponsor: one.sponsor,
  sponsorActive: one.sponsorActive,
  grantedOn: one.grantedOn,
  revalidationDueOn: one.revalidationDueOn,
  confirmedAt: one.confirmedAt?.toISOString() ?? null,
  confirmedBy: one.confirmedBy,
  citizenships: [...one.citizenships],
  waiver: one.waiver,
  waiverUntil: one.waiverUntil?.toISOString() ?? null,
});
