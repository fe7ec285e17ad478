import { listed, people, type Person, reachOf, tenancyStates } from '#community/organisations';
import type { Actor } from '#identity';
import { systemAccess } from '#platform/scope';
import type { z } from 'zod';
import { atLeast, type Clearance, clearanceParameters, usable } from './clearance.ts';
import type { ClearancesDeps } from './clearances.ts';
import type { requirementList } from './contract.ts';
import { latest } from './store.ts';

const access = systemAccess('what people have to meet');

/**
 * What people's environments ask of them, and whether they meet it. It says no more: an organisation's officers have no
 * need of levels.
 * SOURCE: the community's terms: screening for OFFICIAL, a Baseline clearance held and kept for PROTECTED.
 */
export function listRequirements(
  deps: ClearancesDeps,
  actor: Actor,
  organisation: string | undefined,
): Promise<z.infer<typeof requirementList>['people']> {
  return deps.records.transaction(access, async (tx) => {
    const reach = listed(await reachOf(tx, actor));
    const wanted = (await people(tx, reach)).filter(
      (person) =>
        person.endedAt === null && (organisation === undefined || person.organisation === organisation),
    );
    const markings = Map.groupBy(
      (await tenancyStates(tx, reach)).filter(({ state }) => state !== 'left'),
      (tenancy) => tenancy.organisation,
    );
    const cleared = new Map(
      (
        await latest(
          tx,
          wanted.map(({ id }) => id),
        )
      ).map((one) => [one.personId, one]),
    );
    const now = deps.clock.now();
    return wanted.map((person) => {
      const asked = new Set((markings.get(person.organisation) ?? []).map(({ marking }) => marking));
      const faults = requirement(person, asked, cleared.get(person.id), deps, now);
      return { person: person.id, name: person.name, asks: faults.asks, meets: faults.meets };
    });
  });
}

function requirement(
  person: Person,
  markings: ReadonlySet<string>,
  clearance: Clearance | undefined,
  deps: ClearancesDeps,
  now: Date,
): { asks: string[]; meets: boolean } {
  const held = usable(clearance, now, deps.parameters ?? clearanceParameters).level;
  const baseline = atLeast(held, 'baseline') || (person.baselineUntil !== null && now < person.baselineUntil);
  const screened = baseline || (person.screenedUntil !== null && now < person.screenedUntil);
  const asks: string[] = [];
  if (markings.has('OFFICIAL')) asks.push('employment screening for OFFICIAL');
  if (markings.has('PROTECTED')) asks.push('a Baseline clearance for PROTECTED');
  return {
    asks,
    meets: (!markings.has('OFFICIAL') || screened) && (!markings.has('PROTECTED') || baseline),
  };
}
