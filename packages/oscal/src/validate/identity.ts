import { type Fault, quoted } from '../fault.ts';
import type { OscalDocument } from '../read/models.ts';
import { memberOf, type Place, placesIn, pointerOf } from './places.ts';

/** What a document defines: uuids of everything, ids by kind, and where each stands. */
export type Identities = {
  faults: readonly Fault[];
  uuids: ReadonlySet<string>;
  /** Uuids by the list they stand in: `parties`, `components`, `resources`, … */
  uuidsIn: ReadonlyMap<string, ReadonlySet<string>>;
  /** Ids of groups, controls, parts and params of a catalogue. */
  ids: ReadonlySet<string>;
  roles: ReadonlySet<string>;
};

/**
 * A uuid is there once in a document; so is an id among groups, controls and parts of a catalogue, among its
 * parameters, and among the roles. SOURCE: OSCAL 1.1.2, indexes of the catalog and metadata models
 */
export function identitiesOf({ model, value }: OscalDocument): Identities {
  const faults: Fault[] = [];
  const uuids = new Map<string, Place>();
  const uuidsIn = new Map<string, Set<string>>();
  const named = new Map<string, Place>();
  const params = new Map<string, Place>();
  const roles = new Map<string, Place>();

  const define = (
    kind: Map<string, Place>,
    key: string,
    place: Place,
    code: 'duplicate-id' | 'duplicate-uuid',
  ): void => {
    const before = kind.get(key);
    if (before === undefined) kind.set(key, place);
    else
      faults.push({
        code,
        where: pointerOf(place),
        what: `${quoted(key)} is there already, at ${pointerOf(before)}.`,
        help:
          code === 'duplicate-uuid'
            ? 'Give one of them a new uuid, and correct what refers to it.'
            : 'Give one of them another id.',
      });
  };

  for (const place of placesIn(value, model)) {
    if (typeof place.value !== 'string' || place.above === undefined) continue;
    if (place.name === 'uuid') {
      const key = place.value.toLowerCase();
      define(uuids, key, place, 'duplicate-uuid');
      const list = memberOf(place.above);
      const known = uuidsIn.get(list) ?? new Set<string>();
      uuidsIn.set(list, known.add(key));
    } else if (place.name === 'id') {
      const list = memberOf(place.above);
      if (list === 'roles') define(roles, place.value, place, 'duplicate-id');
      else if (model === 'catalog' && list === 'params') define(params, place.value, place, 'duplicate-id');
      else if (model === 'catalog' && ['groups', 'controls', 'parts'].includes(list))
        define(named, place.value, place, 'duplicate-id');
    }
  }
  return {
    faults,
    uuids: new Set(uuids.keys()),
    uuidsIn,
    ids: new Set([...named.keys(), ...params.keys()]),
    roles: new Set(roles.keys()),
  };
}
