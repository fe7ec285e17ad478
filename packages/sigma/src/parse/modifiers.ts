import type { Order, TimePart } from '../ast.ts';
import { Refusal } from '../faults.ts';

/** What the modifiers of one item ask for, after their legality was checked. Transformations keep the author's order. */
export type Plan = {
  readonly transforms: readonly Transform[];
  readonly placement: 'contains' | 'startswith' | 'endswith' | null;
  readonly type: 'text' | 're' | 'cidr' | 'exists' | 'fieldref' | 'compare' | 'time';
  readonly order: Order;
  readonly part: TimePart | null;
  readonly flags: { readonly ignoreCase: boolean; readonly multiLine: boolean; readonly dotAll: boolean };
  readonly all: boolean;
  readonly cased: boolean;
  readonly neq: boolean;
};

const transforms = [
  'windash',
  'base64',
  'base64offset',
  'utf16le',
  'utf16be',
  'utf16',
  'wide',
  'expand',
] as const;
export type Transform = (typeof transforms)[number];
const placements = ['contains', 'startswith', 'endswith'] as const;
const orders = ['lt', 'lte', 'gt', 'gte'] as const;
const parts = ['minute', 'hour', 'day', 'week', 'month', 'year'] as const;
const types = ['re', 'cidr', 'exists', 'fieldref'] as const;
const flagsOfRe = ['i', 'm', 's'] as const;
const generic = ['all', 'cased', 'neq'] as const;

function pick<T extends string>(known: readonly T[], names: readonly string[]): T[] {
  return names.flatMap((name) => known.filter((word) => word === name));
}

export const knownModifiers: readonly string[] = [
  ...generic,
  ...placements,
  ...types,
  ...flagsOfRe,
  ...transforms,
  ...orders,
  ...parts,
];

/**
 * SOURCE: sigma-appendix-modifiers 2.1.
 * @throws {Refusal} unknown-modifier, modifier-combination
 */
export function planModifiers(names: readonly string[], keyword: boolean): Plan {
  for (const name of names) {
    if (!knownModifiers.includes(name)) {
      throw new Refusal('unknown-modifier', `'${name}' is not a modifier of Sigma 2.1.`);
    }
  }
  const clash = (why: string): Refusal => new Refusal('modifier-combination', `'${names.join('|')}': ${why}`);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice) throw clash(`'${twice}' stands there twice.`);

  const found = {
    transforms: pick(transforms, names),
    placement: pick(placements, names),
    order: pick(orders, names),
    part: pick(parts, names),
    type: pick(types, names),
    flags: pick(flagsOfRe, names),
  };
  const has = (name: string): boolean => names.includes(name);
  if (found.placement.length > 1) throw clash('only one of contains, startswith and endswith can apply.');
  if (found.order.length > 1) throw clash('only one comparison can apply; use a second item for a range.');
  if (found.part.length > 1) throw clash('only one part of a time can be compared.');
  if (found.type.length > 1) throw clash(`${found.type.join(' and ')} exclude each other.`);
  const [type = found.part.length > 0 ? 'time' : found.order.length > 0 ? 'compare' : 'text'] = found.type;

  if (found.type.length > 0 && (found.order.length > 0 || found.part.length > 0)) {
    throw clash(`'${type}' is not a number or a time and can't be compared in order.`);
  }
  if (found.flags.length > 0) {
    if (type !== 're') throw clash(`'${found.flags[0]}' applies only after 're'.`);
    if (found.flags.some((flag) => names.indexOf(flag) < names.indexOf('re')))
      throw clash("'re' comes before its flags.");
  }
  const encoders = found.transforms.filter((name) => name !== 'expand');
  if (type !== 'text' && encoders.length > 0)
    throw clash(`'${encoders[0]}' applies only to plain text, not to '${type}'.`);
  if (found.placement.length > 0 && type !== 'text' && type !== 're' && type !== 'fieldref') {
    throw clash(`'${found.placement[0]}' applies only to text.`);
  }
  if (has('expand') && type !== 'text' && type !== 're' && type !== 'cidr') {
    throw clash(`'expand' does not apply to '${type}'.`);
  }
  if (has('cased') && type !== 'text' && type !== 'fieldref' && type !== 're')
    throw clash("'cased' applies only to text.");
  if (has('cased') && has('i')) throw clash("'cased' and 'i' contradict each other.");
  if (has('all') && (type === 'exists' || type === 'time')) throw clash(`'all' does not apply to '${type}'.`);
  if (keyword && type !== 'text' && type !== 're') throw clash(`'${type}' needs a field.`);
  checkEncoders(names, encoders, found.placement[0], clash);

  return {
    transforms: found.transforms,
    placement: found.placement[0] ?? null,
    type,
    order: found.order[0] ?? 'eq',
    part: found.part[0] ?? null,
    flags: { ignoreCase: has('i'), multiLine: has('m'), dotAll: has('s') },
    all: has('all'),
    cased: has('cased'),
    neq: has('neq'),
  };
}

const wides: readonly string[] = ['utf16le', 'utf16be', 'utf16', 'wide'];

/** Encodings go from text to bytes to Base64: each at most once, in that order, and before the place is chosen. */
function checkEncoders(
  names: readonly string[],
  encoders: readonly Transform[],
  placement: string | undefined,
  clash: (why: string) => Refusal,
): void {
  const base = encoders.filter((name) => name.startsWith('base64'));
  const wide = encoders.filter((name) => wides.includes(name));
  if (base.length > 1) throw clash('only one Base64 form can apply.');
  if (wide.length > 1) throw clash('only one UTF-16 form can apply.');
  const [b] = base;
  const [w] = wide;
  if (b && w && names.indexOf(b) < names.indexOf(w)) throw clash(`'${w}' comes before '${b}'.`);
  const encoder = b ?? w;
  if (!encoder) return;
  const first = names.indexOf(w ?? encoder);
  if (placement && b && names.indexOf(placement) < names.indexOf(b))
    throw clash(`'${b}' comes before '${placement}'.`);
  if (names.includes('windash') && names.indexOf('windash') > first)
    throw clash(`'windash' comes before '${encoder}'.`);
  if (names.includes('expand') && names.indexOf('expand') > first)
    throw clash(`'expand' comes before '${encoder}'.`);
}
