import { step } from '../fault.ts';

/** A value in a document, and where: pointers are only built for the few that are shown. */
export type Place = { value: unknown; name: string | number; above: Place | undefined };

/** Every object, list and text of a document, outer ones first. Bounded by the reader's limits. */
export function* placesIn(root: unknown, name: string): Generator<Place> {
  const stack: Place[] = [{ value: root, name, above: undefined }];
  for (let place = stack.pop(); place !== undefined; place = stack.pop()) {
    yield place;
    const { value } = place;
    if (typeof value !== 'object' || value === null) continue;
    const inner: Place[] = Array.isArray(value)
      ? value.map((item: unknown, at) => ({ value: item, name: at, above: place }))
      : Object.entries(value).map(([key, item]: [string, unknown]) => ({
          value: item,
          name: key,
          above: place,
        }));
    for (const each of inner.reverse()) stack.push(each);
  }
}

export function pointerOf(place: Place): string {
  const steps: string[] = [];
  for (let at: Place | undefined = place; at !== undefined; at = at.above) steps.push(step(at.name));
  return steps.reverse().join('');
}

/** The name of the member that holds the value: of an item of a list, the list's. */
export const memberOf = (place: Place): string =>
  typeof place.name === 'string' ? place.name : String(place.above?.name ?? '');
