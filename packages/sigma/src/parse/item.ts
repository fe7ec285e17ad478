import type { PatternPart, Selection, Test, TextTest, TimePart } from '../ast.ts';
import { Refusal } from '../faults.ts';
import type { Limits } from '../limits.ts';
import { parseNetwork } from '../values/address.ts';
import { expandParts, expandText, type Placeholders } from './placeholders.ts';
import { toBase64, toBase64Offsets, toUtf16, windashForms } from './encodings.ts';
import { type Plan, planModifiers } from './modifiers.ts';
import { parsePattern, patternTest } from './pattern.ts';
import { compileRegex } from './regex.ts';

export type { Placeholders } from './placeholders.ts';

type Scalar = string | number | bigint | boolean | null;
export type ItemContext = { readonly limits: Limits; readonly placeholders: Placeholders };

/**
 * One `field|modifiers: value` of a map, or the values of a list without fields (key '' or '|all').
 * @param left tests this rule may still have; counted down
 * @throws {Refusal}
 */
export function parseItem(
  key: string,
  value: unknown,
  path: readonly (string | number)[],
  context: ItemContext,
  left: { tests: number },
): Selection {
  const [field = '', ...modifiers] = key.split('|');
  try {
    const scalars = readScalars(value, context.limits);
    const plan = planModifiers(modifiers, field === '');
    const groups = scalars.map((scalar) => testsOf(scalar, plan, field === '', context));
    left.tests -= groups.reduce((sum, group) => sum + group.length, 0);
    if (left.tests < 0)
      throw new Refusal('too-large', `The rule has more than ${context.limits.tests} values.`);
    const item = (tests: readonly Test[], join: 'any' | 'all'): Selection =>
      field === ''
        ? { kind: 'keyword', modifiers, join, negated: plan.neq, tests: tests.filter(isTextTest) }
        : { kind: 'field', field, modifiers, join, negated: plan.neq, tests };
    // With `all` each of the author's values must hold, but any one of the forms it expands to is enough.
    if (plan.all && groups.length > 1 && groups.some((group) => group.length > 1)) {
      return { kind: plan.neq ? 'or' : 'and', of: groups.map((group) => item(group, 'any')) };
    }
    return item(groups.flat(), plan.all && groups.length > 1 ? 'all' : 'any');
  } catch (error) {
    if (error instanceof Refusal && error.path.length === 0)
      throw new Refusal(error.what, error.message, path);
    throw error;
  }
}

function isTextTest(test: Test): test is TextTest {
  return ['equals', 'startsWith', 'endsWith', 'contains', 'wildcard', 'regex'].includes(test.kind);
}

function readScalars(value: unknown, limits: Limits): Scalar[] {
  const values: unknown[] = Array.isArray(value) ? value : [value ?? null];
  if (values.length === 0) throw new Refusal('value', 'The list has no values.');
  return values.map((item) => {
    if (typeof item === 'string') {
      if (item.length <= limits.valueLength) return item;
      throw new Refusal(
        'too-large',
        `A value has ${item.length} characters; the limit is ${limits.valueLength}.`,
      );
    }
    if (typeof item === 'number' && !Number.isFinite(item))
      throw new Refusal('value', `${item} is not a value a log can hold.`);
    if (typeof item === 'number' || typeof item === 'bigint' || typeof item === 'boolean') return item;
    if (item === null || item === undefined) {
      if (values.length === 1) return null;
      throw new Refusal('value', 'null is a type of its own and can not stand in a list of values.');
    }
    throw new Refusal('value', 'A value must be text, a number, a boolean or null, not a map or a list.');
  });
}

/** All the tests one value stands for; any of them is enough. */
function testsOf(scalar: Scalar, plan: Plan, keyword: boolean, context: ItemContext): Test[] {
  if (plan.type === 'exists') {
    if (typeof scalar === 'boolean') return [{ kind: 'exists', expected: scalar }];
    throw new Refusal('value', "'exists' takes true or false.");
  }
  if (scalar === null) {
    if (keyword) throw new Refusal('value', 'null can not be looked for without a field.');
    if (plan.type === 'text' && !plan.placement && plan.transforms.length === 0) return [{ kind: 'null' }];
    throw new Refusal('value', 'null takes no modifier but neq.');
  }
  if (plan.type === 'compare' || plan.type === 'time') return [orderTest(scalar, plan)];
  if (typeof scalar !== 'string' && typeof scalar !== 'boolean' && isBare(plan) && !keyword) {
    return [{ kind: 'number', value: Number(scalar), text: String(scalar) }];
  }
  const text = String(scalar);
  if (plan.type === 're')
    return sources(text, plan, context, true).map((source) => regexTest(source, plan, context.limits));
  if (plan.type === 'cidr') return sources(text, plan, context, false).map(cidrTest);
  if (plan.type === 'fieldref') {
    if (text === '') throw new Refusal('value', "'fieldref' takes the name of a field.");
    const match = plan.placement ? fieldrefMatches[plan.placement] : 'equals';
    return [{ kind: 'fieldref', field: text, match, cased: plan.cased }];
  }
  return textTests(text, plan, keyword, context);
}

const fieldrefMatches = { contains: 'contains', startswith: 'startsWith', endswith: 'endsWith' } as const;

function isBare(plan: Plan): boolean {
  return plan.type === 'text' && plan.placement === null && plan.transforms.length === 0;
}

const ranges: Record<TimePart, readonly [number, number]> = {
  minute: [0, 59],
  hour: [0, 23],
  day: [1, 31],
  week: [1, 53],
  month: [1, 12],
  year: [0, 9999],
};

function orderTest(scalar: string | number | bigint | boolean, plan: Plan): Test {
  const value =
    typeof scalar === 'string'
      ? /^[+-]?\d+(\.\d+)?$/.test(scalar.trim())
        ? Number(scalar)
        : Number.NaN
      : Number(scalar);
  if (typeof scalar === 'boolean' || !Number.isFinite(value)) {
    throw new Refusal('value', `'${plan.part ?? plan.order}' takes a number, not '${String(scalar)}'.`);
  }
  if (plan.part === null) {
    // planModifiers gives type 'compare' only with an order of its own.
    return { kind: 'compare', order: plan.order === 'eq' ? 'gte' : plan.order, value };
  }
  const [least, most] = ranges[plan.part];
  if (!Number.isInteger(value) || value < least || value > most) {
    throw new Refusal('value', `'${plan.part}' takes a whole number from ${least} to ${most}, not ${value}.`);
  }
  return { kind: 'timePart', part: plan.part, order: plan.order, value };
}

function sources(text: string, plan: Plan, context: ItemContext, regex: boolean): string[] {
  return plan.transforms.includes('expand') ? expandText(text, context.placeholders, regex) : [text];
}

function regexTest(text: string, plan: Plan, limits: Limits): TextTest {
  if (text.length > limits.regexLength) {
    throw new Refusal(
      'regex',
      `The regular expression has ${text.length} characters; the limit is ${limits.regexLength}.`,
    );
  }
  const source =
    plan.placement === 'startswith' ? `^(?:${text})` : plan.placement === 'endswith' ? `(?:${text})$` : text;
  const compiled = compileRegex(source, plan.flags);
  if ('refused' in compiled)
    throw new Refusal('regex', `RE2 can't run '${text.slice(0, 80)}': ${compiled.refused}.`);
  return { kind: 'regex', source, flags: plan.flags };
}

function cidrTest(text: string): Test {
  const network = parseNetwork(text.trim());
  if (!network)
    throw new Refusal('cidr', `'${text.slice(0, 60)}' is not a network such as 10.0.0.0/8 or 2001:db8::/32.`);
  return { kind: 'cidr', text: text.trim(), ...network };
}

type Form = { readonly parts: readonly PatternPart[]; readonly bytes: boolean };

function textTests(text: string, plan: Plan, keyword: boolean, context: ItemContext): TextTest[] {
  const expand = plan.transforms.includes('expand');
  const first = expand ? expandParts(text, context.placeholders) : [parsePattern(text)];
  let forms: Form[] = first.map((parts) => ({ parts, bytes: false }));
  for (const transform of plan.transforms) forms = forms.flatMap((form) => transformed(form, transform));
  const wide = keyword && plan.placement === null;
  const anchors = {
    start: !wide && plan.placement !== 'contains' && plan.placement !== 'endswith',
    end: !wide && plan.placement !== 'contains' && plan.placement !== 'startswith',
  };
  return forms.map((form) => patternTest(form.parts, anchors, plan.cased));
}

const mostWindashForms = 3125;

function transformed(form: Form, transform: Plan['transforms'][number]): Form[] {
  if (transform === 'expand') return [form];
  if (transform === 'windash') return windashed(form);
  if (transform !== 'base64' && transform !== 'base64offset') {
    const wide = ({ utf16le: 'le', wide: 'le', utf16be: 'be', utf16: 'bom' } as const)[transform];
    const parts = form.parts.map(
      (part): PatternPart =>
        part.kind === 'text'
          ? { kind: 'text', text: toUtf16({ text: part.text, bytes: form.bytes }, wide).text }
          : part,
    );
    return [{ parts, bytes: true }];
  }
  if (form.parts.some((part) => part.kind !== 'text')) {
    throw new Refusal('modifier-combination', `A value with wildcards can't be encoded with ${transform}.`);
  }
  const plain = {
    text: form.parts.map((part) => (part.kind === 'text' ? part.text : '')).join(''),
    bytes: form.bytes,
  };
  if (plain.text === '') throw new Refusal('value', `${transform} needs a value that is not empty.`);
  const texts = transform === 'base64' ? [toBase64(plain)] : toBase64Offsets(plain);
  return texts.map((text) => ({ parts: [{ kind: 'text', text }], bytes: false }));
}

function windashed(form: Form): Form[] {
  let forms: PatternPart[][] = [[]];
  for (const part of form.parts) {
    const variants = part.kind === 'text' ? windashForms(part.text, mostWindashForms) : [null];
    if (!variants || forms.length * variants.length > mostWindashForms) {
      throw new Refusal(
        'too-large',
        `windash makes more than ${mostWindashForms} forms of one value; use fewer flags in it.`,
      );
    }
    forms = forms.flatMap((begun) =>
      variants.map((variant) => [
        ...begun,
        variant === null ? part : ({ kind: 'text', text: variant } as const),
      ]),
    );
  }
  return forms.map((parts) => ({ parts, bytes: form.bytes }));
}
