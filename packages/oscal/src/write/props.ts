import type { Property } from '../generated/types.ts';
import type { Facts } from './input.ts';
import { oneLine, tokenOf } from './text.ts';

/** The namespace of this house's own properties, facets and tokens. */
export const houseNamespace = 'urn:ironbark:oscal:1';

// What the writers themselves keep in properties; facts of the caller have a class of their own, so no name collides.
const factClass = 'fact';

/** Own properties by name; a list gives one property for each. What is undefined or empty is left out. */
export type Own = Readonly<Record<string, string | readonly string[] | undefined>>;

/**
 * Properties of this house: `{ props }` to spread, or nothing when there are none (OSCAL has no empty lists).
 * A property's value is one line; where the text is more, it stands in full in the remarks. A name that is no token
 * becomes one, with its own spelling in `group` where that is a token, so names are best tokens.
 */
export function ownProps(own: Own, facts: Facts = {}): { props?: readonly Property[] } {
  const props = [
    ...Object.entries(own).flatMap(([name, value]) =>
      (typeof value === 'string' ? [value] : (value ?? [])).flatMap((text) => property(name, text)),
    ),
    ...Object.entries(facts).flatMap(([name, value]) => property(name, value, factClass)),
  ];
  return props.length === 0 ? {} : { props };
}

function property(name: string, text: string, kind?: string): readonly Property[] {
  const value = oneLine(text) || '(empty)';
  const known = tokenOf(name);
  return [
    {
      name: known,
      ns: houseNamespace,
      value,
      ...(kind === undefined ? {} : { class: kind }),
      // What one line or a token cannot hold is kept beside it, as JSON.
      ...(value === text && known === name ? {} : { remarks: JSON.stringify({ name, text }) }),
    },
  ];
}

type Held = { props?: readonly Property[] };

/** All values of an own property, in order. */
export const allOwn = ({ props = [] }: Held, name: string): readonly string[] =>
  props
    .filter((prop) => isHouse(prop) && prop.class !== factClass)
    .flatMap((prop) => {
      const { name: own, text } = exact(prop);
      return own === name ? [text] : [];
    });

export const oneOwn = (held: Held, name: string): string | undefined => allOwn(held, name)[0];

/** The key of a thing: what it was written with, or its uuid when another tool wrote it. */
export const keyOf = (held: Held & { uuid?: string }): string => oneOwn(held, 'key') ?? held.uuid ?? '';

/** The caller's facts; `{}` when there are none. */
export function factsOf({ props = [] }: Held): { facts?: Facts } {
  const facts = Object.fromEntries(
    props
      .filter((prop) => isHouse(prop) && prop.class === factClass)
      .map(exact)
      .map(({ name, text }) => [name, text]),
  );
  return Object.keys(facts).length === 0 ? {} : { facts };
}

const isHouse = (prop: Property): boolean => prop.ns === houseNamespace;

function exact({ name, value, remarks }: Property): { name: string; text: string } {
  if (remarks?.startsWith('{')) {
    try {
      const kept: unknown = JSON.parse(remarks);
      if (
        typeof kept === 'object' &&
        kept !== null &&
        'name' in kept &&
        'text' in kept &&
        typeof kept.name === 'string' &&
        typeof kept.text === 'string'
      )
        return { name: kept.name, text: kept.text };
    } catch {
      // Remarks of another hand: the value stands for itself.
    }
  }
  return { name, text: value };
}
