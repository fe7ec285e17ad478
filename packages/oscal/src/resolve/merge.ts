import type {
  Control,
  Group,
  InsertControls,
  Parameter,
  ProfileGroup,
  ProfileMerge,
} from '../generated/types.ts';
import { asksFor, forEachControl, forEachGroup, type Selected, selectControls } from './select.ts';

/** The controls of a catalogue as it will be, before they are modified. */
export type Merged = {
  params: readonly Parameter[];
  controls: readonly Control[];
  groups: readonly Group[];
};

type Method = 'keep' | 'use-first' | 'merge';

/**
 * Combines and structures what the imports brought. Without a word from the profile: keep, and flat.
 * @see OSCAL profile resolution, merge phase
 */
export function merge(selected: readonly Selected[], directive: ProfileMerge | undefined): Merged {
  const combined = combine(selected, directive?.combine?.method ?? 'keep');
  if (directive?.custom !== undefined) return custom(combined, directive.custom);
  return directive?.['as-is'] === true ? asIs(combined) : flat(combined);
}

/** One list, without groups and without controls in controls. */
function flat(selected: readonly Selected[]): Merged {
  const unnested = (controls: readonly Control[] | undefined): readonly Control[] =>
    (controls ?? []).flatMap((control) => {
      const { controls: inner, ...rest } = control;
      return [rest, ...unnested(inner)];
    });
  return {
    params: firstOfEach(looseOf(selected, true)),
    controls: unnested(allControls(selected)),
    groups: [],
  };
}

function asIs(selected: readonly Selected[]): Merged {
  const groups = mergeGroups(selected.flatMap((each) => each.groups));
  return {
    params: firstOfEach(looseOf(selected, false)),
    controls: selected.flatMap((each) => each.controls),
    groups,
  };
}

/** Only the groups the profile writes down, and in them only what is inserted. */
function custom(selected: readonly Selected[], directive: NonNullable<ProfileMerge['custom']>): Merged {
  const controls = allControls(selected);
  const known = new Map<string, Group>();
  for (const { groups } of selected)
    forEachGroup(groups, (group) => {
      if (group.id !== undefined && !known.has(group.id)) known.set(group.id, group);
    });
  const groupOf = (group: ProfileGroup): Group => {
    const { groups, 'insert-controls': inserts, ...rest } = group;
    const inner = (groups ?? []).map(groupOf);
    const inserted = (inserts ?? []).flatMap((each) => insert(controls, each));
    const before = group.id === undefined ? undefined : known.get(group.id);
    return {
      ...(before === undefined ? rest : { ...rest, ...joined([before, rest]) }),
      ...(inner.length === 0 ? {} : { groups: inner }),
      ...(inserted.length === 0 ? {} : { controls: inserted }),
    };
  };
  return {
    params: firstOfEach(looseOf(selected, true)),
    controls: (directive['insert-controls'] ?? []).flatMap((each) => insert(controls, each)),
    groups: (directive.groups ?? []).map(groupOf),
  };
}

function insert(controls: readonly Control[], directive: InsertControls): readonly Control[] {
  const selected = selectControls(controls, asksFor(directive));
  if (directive.order !== 'ascending' && directive.order !== 'descending') return selected;
  const sign = directive.order === 'ascending' ? 1 : -1;
  return selected.toSorted((a, b) => (a.id < b.id ? -sign : a.id > b.id ? sign : 0));
}

/** Controls of catalogues and their groups in document order. */
function allControls(selected: readonly Selected[]): readonly Control[] {
  const inGroups = (groups: readonly Group[] | undefined): readonly Control[] =>
    (groups ?? []).flatMap((group) => [...(group.controls ?? []), ...inGroups(group.groups)]);
  return selected.flatMap(({ controls, groups }) => [...controls, ...inGroups(groups)]);
}

function looseOf(selected: readonly Selected[], withGroups: boolean): readonly Parameter[] {
  return selected.flatMap(({ loose, groups }) => {
    const params = [...loose];
    if (withGroups) forEachGroup(groups, (group) => params.push(...(group.params ?? [])));
    return params;
  });
}

function firstOfEach(params: readonly Parameter[]): readonly Parameter[] {
  const seen = new Set<string>();
  return params.filter(({ id }) => !seen.has(id) && seen.add(id));
}

/** Groups that are the same (id and title, or title where there is no id) become one; the ISM's have no ids. */
function mergeGroups(groups: readonly Group[]): readonly Group[] {
  const same = Map.groupBy(groups, ({ id, title }) => JSON.stringify([id, title]));
  return Array.from(same.values(), (alike) => {
    const [first] = alike;
    if (first === undefined || alike.length === 1) return first ?? { title: '' };
    const { groups: _, controls: __, ...rest } = first;
    const controls = alike.flatMap((group) => group.controls ?? []);
    const inner = mergeGroups(alike.flatMap((group) => group.groups ?? []));
    return {
      ...rest,
      ...joined(alike),
      ...(inner.length === 0 ? {} : { groups: inner }),
      ...(controls.length === 0 ? {} : { controls }),
    };
  });
}

const lists = ['params', 'props', 'links', 'parts'] as const;

/** The lists of several groups or controls put together; what is there twice, once. */
function joined(
  from: readonly Pick<Control, (typeof lists)[number]>[],
): Pick<Control, (typeof lists)[number]> {
  const together = (name: (typeof lists)[number]): object => {
    const items = new Map<string, unknown>();
    for (const item of from.flatMap((each): readonly unknown[] => each[name] ?? [])) {
      const key = JSON.stringify(item);
      if (!items.has(key)) items.set(key, item);
    }
    return items.size === 0 ? {} : { [name]: [...items.values()] };
  };
  return Object.assign({}, ...lists.map(together));
}

/** Deals with controls that have the same id, in whichever import. @see "combine" directive */
function combine(selected: readonly Selected[], method: Method): readonly Selected[] {
  if (method === 'keep') return selected;
  const first = new Map<string, Control>();
  const others = new Map<string, Control[]>();
  for (const each of selected)
    forEachControl(each, (control) => {
      if (!first.has(control.id)) first.set(control.id, control);
      else if (!others.get(control.id)?.push(control)) others.set(control.id, [control]);
    });
  const once = (controls: readonly Control[] | undefined): readonly Control[] =>
    (controls ?? []).flatMap((control) => {
      const { controls: inner, ...rest } = control;
      const children = once(inner);
      // The children of one that goes were asked for themselves: they take its place.
      if (first.get(control.id) !== control) return children;
      const more = method === 'merge' ? (others.get(control.id) ?? []) : [];
      const made = more.length === 0 ? rest : { ...rest, ...joined([control, ...more]) };
      return [children.length === 0 ? made : { ...made, controls: children }];
    });
  const inGroup = (group: Group): Group => {
    const { groups, controls, ...rest } = group;
    const kept = once(controls);
    return {
      ...rest,
      ...(groups === undefined ? {} : { groups: groups.map(inGroup) }),
      ...(kept.length === 0 ? {} : { controls: kept }),
    };
  };
  return selected.map((each) => ({
    loose: each.loose,
    controls: once(each.controls),
    groups: each.groups.map(inGroup),
  }));
}
