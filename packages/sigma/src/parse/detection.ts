import type { Condition, Detection, Selection } from '../ast.ts';
import { Refusal } from '../faults.ts';
import type { Limits } from '../limits.ts';
import { parseCondition } from './condition.ts';
import { type Placeholders, parseItem } from './item.ts';
import { isRecord, type Raw } from './metadata.ts';

export type DetectionContext = { readonly limits: Limits; readonly placeholders: Placeholders };

/** @throws {Refusal} with the path of what can't be used */
export function parseDetection(raw: Raw, context: DetectionContext): Detection {
  const { limits } = context;
  const names = Object.keys(raw).filter((key) => key !== 'condition' && key !== 'timeframe');
  if (names.length === 0) throw new Refusal('selection', 'The detection has no selection.', []);
  if (names.length > limits.selections) {
    throw new Refusal(
      'too-large',
      `The detection has ${names.length} selections; the limit is ${limits.selections}.`,
      [],
    );
  }
  if (raw['timeframe'] !== undefined) {
    throw new Refusal('condition', "'timeframe' was replaced by correlation rules.", ['timeframe']);
  }
  const left = { tests: limits.tests };
  const selections: Record<string, Selection> = Object.create(null) as Record<string, Selection>; // Names are foreign.
  for (const name of names) selections[name] = parseSelection(raw[name], [name], context, left, 0);
  const conditionText = conditionTexts(raw['condition']);
  const conditions = conditionText.map((text) =>
    withPath(() => parseCondition(text, names, limits), ['condition']),
  );
  const [only] = conditions;
  const condition: Condition = conditions.length === 1 && only ? only : { kind: 'or', of: conditions };
  return { selections: { ...selections }, condition, conditionText };
}

function conditionTexts(value: unknown): string[] {
  const texts = Array.isArray(value) ? value : [value];
  if (texts.length === 0 || texts.some((text) => typeof text !== 'string' || text.trim() === '')) {
    throw new Refusal('condition', 'The condition must be text, or a list of texts.', ['condition']);
  }
  return texts.map(String);
}

function withPath<T>(work: () => T, path: readonly (string | number)[]): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof Refusal && error.path.length === 0)
      throw new Refusal(error.what, error.message, path);
    throw error;
  }
}

type Path = readonly (string | number)[];

function parseSelection(
  value: unknown,
  path: Path,
  context: DetectionContext,
  left: { tests: number },
  depth: number,
): Selection {
  if (depth > context.limits.depth) throw new Refusal('too-large', 'The selection is nested too deep.', path);
  if (isRecord(value)) {
    const keys = Object.keys(value);
    if (keys.length === 0) throw new Refusal('selection', `Selection '${path[0]}' is an empty map.`, path);
    const of = keys.map((key) => parseItem(key, value[key], [...path, key], context, left));
    const [only] = of;
    return of.length === 1 && only ? only : { kind: 'and', of };
  }
  if (Array.isArray(value)) {
    if (value.length === 0) throw new Refusal('selection', `Selection '${path[0]}' is an empty list.`, path);
    const scalars = value.filter((item) => !isRecord(item) && !Array.isArray(item));
    const of: Selection[] = [];
    if (scalars.length > 0) of.push(parseItem('', scalars, path, context, left));
    for (const [index, item] of value.entries()) {
      if (isRecord(item) || Array.isArray(item))
        of.push(parseSelection(item, [...path, index], context, left, depth + 1));
    }
    const [only] = of;
    return of.length === 1 && only ? only : { kind: 'or', of };
  }
  if (value === null || value === undefined) {
    throw new Refusal('selection', `Selection '${path[0]}' is empty.`, path);
  }
  return parseItem('', [value], path, context, left);
}
