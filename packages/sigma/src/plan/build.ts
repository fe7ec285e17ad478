import type { Rule } from '../ast.ts';
import { automatonEngine } from '../regex/automaton.ts';
import type { RegexEngine } from '../regex/engine.ts';
import { compileRules, type Truth } from './evaluate.ts';
import { collectItems } from './items.ts';
import { buildLiterals, type Literal, type LiteralIndex, separator } from './literals.ts';
import { rawIndex } from './raw.ts';
import { chooseWitnesses, type Expect, staticExpectation, type Witness, witnessKey } from './witness.ts';

/** What the walk over an event's keys needs to know of a field. */
export type FieldPlan = {
  readonly name: string;
  readonly number: number;
  /** For a dotted name: the way through objects, taken where the literal key is absent. */
  readonly path: readonly string[] | null;
  /** Witness reported by the field being there, or -1. */
  readonly present: number;
  /** Values are put before the literal scan; `numberTexts`: those of numbers and booleans too. */
  readonly scanned: boolean;
  /** The same where no keyword needs to be looked for. */
  readonly scannedAlone: boolean;
  readonly numberTexts: boolean;
  /** How many items of rules look at it. */
  readonly items: number;
  readonly numbers: ReadonlyMap<number, number> | null;
  readonly exact: ReadonlyMap<string, number> | null;
};

/** Everything to match one bucket of rules: those that share a set of log sources. */
export type Plan = {
  /** Numbers of the rules in the rule set, in its order. */
  readonly rules: readonly number[];
  readonly truths: readonly Truth[];
  readonly fields: ReadonlyMap<string, FieldPlan>;
  readonly dotted: readonly FieldPlan[];
  readonly fieldCount: number;
  readonly itemCount: number;
  readonly literals: LiteralIndex;
  /** Those of keywords alone, for values that no rule names. */
  readonly anywhere: LiteralIndex;
  /** Some rule has keywords: every scalar of an event is scanned. */
  readonly everywhere: boolean;
  /** Shorter values of unnamed fields hold no keyword. */
  readonly everywhereLeast: number;
  /** Keywords that a number or boolean could hold. */
  readonly everywhereNumbers: boolean;
  /** To look for keywords in the line an event was parsed from; null where a line can't tell. */
  readonly raw: LiteralIndex | null;
  /** Rules with no witness: looked at for every event. */
  readonly always: Uint32Array;
  /** By witness: the rules (by place in `rules`) it makes worth a look. */
  readonly triggerStarts: Uint32Array;
  readonly triggers: Uint32Array;
  /** By witness: the items it proves. */
  readonly provenStarts: Uint32Array;
  readonly proven: Uint32Array;
  readonly witnesses: readonly Witness[];
  /** Witnesses reported by a character beyond Latin-1. */
  readonly wide: Uint32Array;
};

/**
 * @param chosen numbers of the rules in `all`
 * @param engine runs the regular expressions
 * @param seen how often witnesses were seen in real events, where a matcher has counted
 */
export function buildPlan(
  all: readonly Rule[],
  chosen: readonly number[],
  engine: RegexEngine = automatonEngine,
  seen?: Expect,
): Plan {
  const names = new Map<string, number>();
  const numberOf = (name: string): number => {
    const known = names.get(name);
    if (known !== undefined) return known;
    names.set(name, names.size);
    return names.size - 1;
  };
  const rules = chosen.flatMap((number) => {
    const rule = all[number];
    return rule ? [rule] : [];
  });
  const expect = seen ?? staticExpectation(countUses(rules));
  const witnesses: Witness[] = [];
  const byKey = new Map<string, number>();
  const triggers: number[][] = [];
  const always: number[] = [];
  for (const [place, rule] of rules.entries()) {
    const found = chooseWitnesses(rule, expect);
    if (!found) {
      always.push(place);
      continue;
    }
    for (const witness of found) {
      const key = witnessKey(witness);
      let id = byKey.get(key);
      if (id === undefined) {
        id = witnesses.length;
        byKey.set(key, id);
        witnesses.push(witness);
        triggers.push([]);
      }
      const places = triggers[id];
      if (places && places.at(-1) !== place) places.push(place);
    }
  }
  const items = collectItems(rules, (key) => byKey.get(key));
  const truths = compileRules(rules, numberOf, items, engine);
  const [triggerStarts, flatTriggers] = flat(triggers);
  const [provenStarts, proven] = flat(Array.from(witnesses, (_, id) => items.proven[id] ?? []));
  return {
    rules: chosen,
    truths,
    ...indexWitnesses(witnesses, names, items.ofField),
    itemCount: items.count,
    always: Uint32Array.from(always),
    triggerStarts,
    triggers: flatTriggers,
    provenStarts,
    proven,
    witnesses,
  };
}

/** Lists one after the other, and where each starts. */
function flat(lists: readonly (readonly number[])[]): [starts: Uint32Array, all: Uint32Array] {
  const starts = new Uint32Array(lists.length + 1);
  for (const [at, list] of lists.entries()) starts[at + 1] = (starts[at] ?? 0) + list.length;
  return [starts, Uint32Array.from(lists.flat())];
}

/** How many rules could use each witness: asked with every choice open. */
function countUses(rules: readonly Rule[]): ReadonlyMap<string, number> {
  const uses = new Map<string, number>();
  for (const rule of rules) {
    const mine = new Set<string>();
    chooseWitnesses(rule, (witness) => {
      mine.add(witnessKey(witness));
      return 1;
    });
    for (const key of mine) uses.set(key, (uses.get(key) ?? 0) + 1);
  }
  return uses;
}

type Draft = {
  present: number;
  scanned: boolean;
  numberTexts: boolean;
  numbers: Map<number, number>;
  exact: Map<string, number>;
};

function indexWitnesses(
  witnesses: readonly Witness[],
  names: ReadonlyMap<string, number>,
  itemsOfField: ReadonlyMap<string, number>,
): Pick<
  Plan,
  | 'fields'
  | 'dotted'
  | 'fieldCount'
  | 'literals'
  | 'anywhere'
  | 'everywhere'
  | 'everywhereLeast'
  | 'everywhereNumbers'
  | 'raw'
  | 'wide'
> {
  const drafts = new Map<string, Draft>();
  const draftOf = (name: string): Draft => {
    const draft = drafts.get(name) ?? {
      present: -1,
      scanned: false,
      numberTexts: false,
      numbers: new Map(),
      exact: new Map(),
    };
    drafts.set(name, draft);
    return draft;
  };
  const literals: Literal[] = [];
  const wide: number[] = [];
  let everywhere = false;
  let everywhereNumbers = false;
  let everywhereWide = false;
  for (const [id, witness] of witnesses.entries()) {
    switch (witness.kind) {
      case 'present':
        draftOf(witness.field).present = id;
        break;
      case 'number':
        draftOf(witness.field).numbers.set(witness.value, id);
        break;
      case 'exact':
        draftOf(witness.field).exact.set(witness.text, id);
        break;
      case 'wide':
        wide.push(id);
        if (witness.field === null) {
          everywhere = true;
          everywhereWide = true;
        } else draftOf(witness.field).scanned = true;
        break;
      case 'literal': {
        const field = witness.field === null ? -1 : (names.get(witness.field) ?? -1);
        literals.push({ text: witness.text, field, id });
        if (witness.field !== null) {
          const draft = draftOf(witness.field);
          draft.scanned = true;
          if (couldBeNumber(witness.text) && !isNumberWhole(witness.text)) draft.numberTexts = true;
        } else {
          everywhere = true;
          if (couldBeNumber(witness.text)) everywhereNumbers = true;
        }
      }
    }
  }
  const fields = new Map<string, FieldPlan>();
  for (const [name, number] of names) {
    const draft = drafts.get(name);
    fields.set(name, {
      name,
      number,
      path: name.includes('.') ? name.split('.') : null,
      present: draft?.present ?? -1,
      scanned: everywhere || (draft?.scanned ?? false),
      scannedAlone: draft?.scanned ?? false,
      numberTexts: everywhereNumbers || (draft?.numberTexts ?? false),
      items: itemsOfField.get(name) ?? 0,
      numbers: draft && draft.numbers.size > 0 ? draft.numbers : null,
      exact: draft && draft.exact.size > 0 ? draft.exact : null,
    });
  }
  const anywhere = literals.filter(({ field }) => field < 0);
  const least = anywhere.map(({ text }) => text.replaceAll(separator, '').length);
  return {
    fields,
    dotted: [...fields.values()].filter((field) => field.path !== null),
    fieldCount: names.size,
    literals: buildLiterals(literals),
    anywhere: buildLiterals(anywhere),
    everywhere,
    everywhereLeast: wide.length > 0 ? 0 : Math.min(...least),
    everywhereNumbers,
    // Numbers and what is beyond Latin-1 may be written in more ways than one.
    raw: everywhereNumbers || everywhereWide ? null : rawIndex(anywhere),
    wide: Uint32Array.from(wide),
  };
}

function couldBeNumber(text: string): boolean {
  const inner = text.replaceAll(separator, '');
  return /^[-+0-9.e]*$/.test(inner) || 'true'.includes(inner) || 'false'.includes(inner);
}

/** A whole value that is a number as JavaScript prints it: there is a number witness beside it. */
function isNumberWhole(text: string): boolean {
  const inner = text.slice(1, -1);
  return text.startsWith(separator) && text.endsWith(separator) && String(Number(inner)) === inner;
}
