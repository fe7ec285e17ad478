import type { FieldItem, KeywordItem, Rule, Selection, Test } from '../ast.ts';
import { ofTest, type Witness, witnessKey } from './witness.ts';

/** A field item or keyword item of some rules: one for all that ask the same. */
export type ItemPlace = {
  readonly number: number;
  /** Its place among the items of its field. */
  readonly local: number;
  /** The index reports exactly when it is true (before `neq`): its witnesses mark it, and nothing else needs to look. */
  readonly indexed: boolean;
};

export type Items = {
  readonly placeOf: (item: FieldItem | KeywordItem) => ItemPlace;
  readonly count: number;
  /** Items by field name. */
  readonly ofField: ReadonlyMap<string, number>;
  /** By witness: the items it proves. */
  readonly proven: readonly (readonly number[])[];
};

/** @param idOf the number of a witness that is in the index */
export function collectItems(rules: readonly Rule[], idOf: (key: string) => number | undefined): Items {
  const byKey = new Map<string, ItemPlace>();
  const byItem = new Map<FieldItem | KeywordItem, ItemPlace>();
  const ofField = new Map<string, number>();
  const proven: number[][] = [];
  const add = (item: FieldItem | KeywordItem): void => {
    const field = item.kind === 'field' ? item.field : '';
    const key = JSON.stringify([item.kind, field, item.join, item.tests]);
    let place = byKey.get(key);
    if (place === undefined) {
      const ids = witnessesOf(item, idOf);
      place = { number: byKey.size, local: ofField.get(field) ?? 0, indexed: ids !== undefined };
      byKey.set(key, place);
      ofField.set(field, place.local + 1);
      for (const id of ids ?? []) (proven[id] ??= []).push(place.number);
    }
    byItem.set(item, place);
  };
  const walk = (selection: Selection): void => {
    if (selection.kind === 'field' || selection.kind === 'keyword') add(selection);
    else selection.of.forEach(walk);
  };
  for (const rule of rules) Object.values(rule.detection.selections).forEach(walk);
  return {
    placeOf: (item) => {
      const place = byItem.get(item);
      if (place === undefined) throw new Error('an item of no rule of the plan');
      return place;
    },
    count: byKey.size,
    ofField,
    proven: Array.from(proven, (items) => items ?? []),
  };
}

/** The witnesses that are seen exactly when the item is true; undefined where some are not in the index or say less. */
function witnessesOf(
  item: FieldItem | KeywordItem,
  idOf: (key: string) => number | undefined,
): number[] | undefined {
  if (item.join === 'all' && item.tests.length > 1) return undefined;
  const ids: number[] = [];
  for (const test of item.tests) {
    const witnesses = exactWitnesses(test, item.kind === 'field' ? item.field : null);
    if (witnesses === undefined) return undefined;
    for (const witness of witnesses) {
      const id = idOf(witnessKey(witness));
      if (id === undefined) return undefined;
      ids.push(id);
    }
  }
  return ids;
}

function exactWitnesses(test: Test, field: string | null): readonly Witness[] | undefined {
  switch (test.kind) {
    case 'equals':
    case 'startsWith':
    case 'endsWith':
    case 'contains':
      if (test.cased) return undefined;
      break;
    case 'number':
      break;
    default:
      return undefined;
  }
  const witnesses = ofTest(test, field, () => 1)?.witnesses;
  return witnesses?.every(({ kind }) => kind === 'literal' || kind === 'number' || kind === 'exact')
    ? witnesses
    : undefined;
}
