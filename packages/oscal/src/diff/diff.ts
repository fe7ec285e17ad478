import type { CatalogControl } from '../catalog/controls.ts';
import { diffWords, type WordChange } from './words.ts';

export type Reworded = {
  id: string;
  before: string;
  after: string;
  words: readonly WordChange[];
  revisionBefore?: string;
  revisionAfter?: string;
  /** The publisher says so by another revision; a control that has none (a principle) can't say it. */
  revisionChanged: boolean;
};

export type ListChange = { id: string; before: readonly string[]; after: readonly string[] };

/** What changed between two editions, control by control. Ids are in the order of the edition they are of. */
export type CatalogDiff = {
  added: readonly CatalogControl[];
  removed: readonly CatalogControl[];
  reworded: readonly Reworded[];
  /** Reworded with the revision as it was, or without one: the publisher's revision can't be trusted to tell. */
  rewordedWithoutRevision: readonly string[];
  applicability: readonly ListChange[];
  e8: readonly ListChange[];
  unchanged: number;
};

/**
 * Compares two editions by the SHA-256 of each statement. Where a control stands in the tree, its order and its
 * guidance do not count: an answer is to the statement.
 */
export function diffControls(
  before: readonly CatalogControl[],
  after: readonly CatalogControl[],
): CatalogDiff {
  const old = byId(before);
  const current = byId(after);
  const both = [...current.values()].flatMap((now) => {
    const was = old.get(now.id);
    return was === undefined ? [] : [{ was, now }];
  });
  const reworded = both
    .filter(({ was, now }) => was.statementHash !== now.statementHash)
    .map(({ was, now }) => rewordedOf(was, now));
  const applicability = changes(both, (control) => control.applicability);
  const e8 = changes(both, (control) => control.e8Levels);
  const touched = new Set([...reworded, ...applicability, ...e8].map(({ id }) => id));
  return {
    added: [...current.values()].filter(({ id }) => !old.has(id)),
    removed: [...old.values()].filter(({ id }) => !current.has(id)),
    reworded,
    rewordedWithoutRevision: reworded.filter((each) => !each.revisionChanged).map(({ id }) => id),
    applicability,
    e8,
    unchanged: both.length - touched.size,
  };
}

function byId(controls: readonly CatalogControl[]): ReadonlyMap<string, CatalogControl> {
  const found = new Map<string, CatalogControl>();
  for (const control of controls) if (!found.has(control.id)) found.set(control.id, control);
  return found;
}

const rewordedOf = (was: CatalogControl, now: CatalogControl): Reworded => ({
  id: now.id,
  before: was.statement,
  after: now.statement,
  words: diffWords(was.statement, now.statement),
  ...(was.revision === undefined ? {} : { revisionBefore: was.revision }),
  ...(now.revision === undefined ? {} : { revisionAfter: now.revision }),
  revisionChanged: was.revision !== now.revision,
});

function changes(
  both: readonly { was: CatalogControl; now: CatalogControl }[],
  of: (control: CatalogControl) => readonly string[],
): readonly ListChange[] {
  return both
    .filter(({ was, now }) => of(was).toSorted().join() !== of(now).toSorted().join())
    .map(({ was, now }) => ({ id: now.id, before: of(was), after: of(now) }));
}
