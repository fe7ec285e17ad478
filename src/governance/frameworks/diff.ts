import type { EditionControl } from './catalogue.ts';

/** A control that is in both editions and is not the same. */
export type ChangedControl = {
  readonly id: string;
  readonly before: EditionControl;
  readonly after: EditionControl;
  /** The statement's words: what was answered is to be affirmed again. */
  readonly reworded: boolean;
  /** Reworded though the catalogue's own revision did not say so. */
  readonly silently: boolean;
  readonly applicability: boolean;
  readonly e8Levels: boolean;
  /** In another place of the catalogue. */
  readonly moved: boolean;
};

export type EditionDiff = {
  readonly added: readonly EditionControl[];
  readonly removed: readonly EditionControl[];
  readonly changed: readonly ChangedControl[];
  readonly same: number;
};

/** Control by control, by the hash of the statement. In the order of `after`; what is gone, in the order of `before`. */
export function diffEditions(
  before: readonly EditionControl[],
  after: readonly EditionControl[],
): EditionDiff {
  const old = new Map(before.map((one) => [one.id, one]));
  const fresh = new Set(after.map(({ id }) => id));
  const changed: ChangedControl[] = [];
  for (const one of after) {
    const was = old.get(one.id);
    if (was === undefined) continue;
    const reworded = was.statementHash !== one.statementHash;
    const found = {
      id: one.id,
      before: was,
      after: one,
      reworded,
      silently: reworded && was.revision === one.revision,
      applicability: !sameSet(was.applicability, one.applicability),
      e8Levels: !sameSet(was.e8Levels, one.e8Levels),
      moved: was.path.join('\n') !== one.path.join('\n'),
    };
    if (reworded || found.applicability || found.e8Levels || found.moved) changed.push(found);
  }
  const added = after.filter(({ id }) => !old.has(id));
  return {
    added,
    removed: before.filter(({ id }) => !fresh.has(id)),
    changed,
    same: after.length - added.length - changed.length,
  };
}

const sameSet = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((one) => b.includes(one));
