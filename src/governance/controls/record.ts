import { systemOf } from '#governance';
import { implementationStatus } from '#contract/governance';
import { systemAccess } from '#platform/scope';
import type { ControlDeps } from './deps.ts';
import type { Standing } from './standing.ts';
import {
  type Counts,
  insertChanges,
  keepCounts,
  keepStandings,
  type Kept,
  keptOf,
  keptStandings,
  type StandingChange,
} from './store-standings.ts';

/** Writes down what stands otherwise than when it was last looked at. A step of the assessment. @returns how many did */
export function recordStandings(deps: ControlDeps, environment: string): Promise<number> {
  const access = systemAccess(`record how the controls of ${environment} stand`);
  return deps.records.transaction(access, async (tx) => {
    const now = deps.clock.now();
    const system = await systemOf(tx, access, environment);
    const standings = await deps.standings(tx, environment, now);
    const before = new Map((await keptStandings(tx, environment)).map((one) => [one.control, one]));
    const { changes, fresh, gone } = compare(before, standings.map(keptOf), now);
    if (fresh.length + gone.length > 0) await keepStandings(tx, system, fresh, gone, now);
    if (changes.length > 0) {
      await insertChanges(tx, system, changes);
      await keepCounts(tx, system, countsOf(standings), now);
    }
    return changes.length;
  });
}

/** Another sentence for the same standing is kept, and is no change. */
export function compare(
  before: ReadonlyMap<string, Kept>,
  after: readonly Kept[],
  at: Date,
): {
  readonly changes: readonly StandingChange[];
  readonly fresh: readonly Kept[];
  readonly gone: readonly string[];
} {
  const changes: StandingChange[] = [];
  const fresh: Kept[] = [];
  const there = new Set(after.map(({ control }) => control));
  for (const one of after) {
    const was = before.get(one.control);
    const changed =
      was === undefined ||
      was.status !== one.status ||
      was.confidence !== one.confidence ||
      was.reaffirm !== one.reaffirm ||
      was.exception !== one.exception;
    if (changed) changes.push({ ...one, before: was?.status ?? null, at });
    if (
      changed ||
      was.because !== one.because ||
      was.basis !== one.basis ||
      was.unknownWhy !== one.unknownWhy
    )
      fresh.push(one);
  }
  const gone = [...before.values()].filter(({ control }) => !there.has(control));
  for (const was of gone)
    changes.push({
      ...was,
      status: null,
      before: was.status,
      because: 'It is no longer among the controls of the system.',
      at,
    });
  return { changes, fresh, gone: gone.map(({ control }) => control) };
}

export function countsOf(standings: readonly Pick<Standing, 'status'>[]): Counts {
  const counts = {
    'Not Assessed': 0,
    Effective: 0,
    'Alternate Control': 0,
    Ineffective: 0,
    'No Visibility': 0,
    'Not Implemented': 0,
    'Not Applicable': 0,
  };
  for (const { status } of standings) counts[implementationStatus.parse(status)]++;
  return counts;
}
