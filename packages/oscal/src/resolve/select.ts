import type { Catalog, Control, Group, Parameter } from '../generated/types.ts';

/** What a profile asks for with ids and patterns, as `include-controls`, `exclude-controls` and `insert-controls` do. */
export type Selection = {
  readonly 'include-all'?: object;
  readonly 'include-controls'?: readonly Selector[];
  readonly 'exclude-controls'?: readonly Selector[];
};

type Selector = {
  readonly 'with-child-controls'?: 'yes' | 'no';
  readonly 'with-ids'?: readonly string[];
  readonly matching?: readonly { readonly pattern?: string }[];
};

/** Whether a control is asked for; `ancestors` are the ids of the controls it stands in. */
type Asks = (id: string, ancestors: readonly string[]) => boolean;

/** What one import brings: groups and controls with only what was selected, and parameters that stand in no control of it. */
export type Selected = {
  groups: readonly Group[];
  controls: readonly Control[];
  loose: readonly Parameter[];
};

/** @see OSCAL profile resolution, import phase: what is excluded stays out however it was included */
export function asksFor(selection: Selection): Asks {
  const all = selection['include-all'] !== undefined;
  const includes = (selection['include-controls'] ?? []).map(selector);
  const excludes = (selection['exclude-controls'] ?? []).map(selector);
  return (id, ancestors) =>
    (all || includes.some((asks) => asks(id, ancestors))) && !excludes.some((asks) => asks(id, ancestors));
}

function selector(from: Selector): Asks {
  const ids = new Set(from['with-ids']);
  const patterns = (from.matching ?? []).flatMap(({ pattern }) => (pattern ? [pattern] : []));
  const names = (id: string): boolean => ids.has(id) || patterns.some((pattern) => globMatches(pattern, id));
  return from['with-child-controls'] === 'yes'
    ? (id, ancestors) => names(id) || ancestors.some(names)
    : (id) => names(id);
}

/** `*` is any text, `?` any one character, all else itself. Time grows with the product of the lengths at worst. */
export function globMatches(pattern: string, text: string): boolean {
  let at = 0;
  let from = 0;
  let star = -1;
  let resume = 0;
  while (at < text.length) {
    if (
      from < pattern.length &&
      (pattern[from] === '?' || (pattern[from] === text[at] && pattern[from] !== '*'))
    ) {
      at++;
      from++;
    } else if (pattern[from] === '*') {
      star = from++;
      resume = at;
    } else if (star !== -1) {
      from = star + 1;
      at = ++resume;
    } else return false;
  }
  while (pattern[from] === '*') from++;
  return from === pattern.length;
}

/** The controls asked for, in their order; one whose parent is not asked for takes its parent's place. */
export function selectControls(
  controls: readonly Control[] | undefined,
  asks: Asks,
  ancestors: readonly string[] = [],
): readonly Control[] {
  return (controls ?? []).flatMap((control) => {
    const { controls: inner, ...rest } = control;
    const children = selectControls(inner, asks, inner === undefined ? [] : [...ancestors, control.id]);
    if (!asks(control.id, ancestors)) return children;
    return [children.length === 0 ? rest : { ...rest, controls: children }];
  });
}

/** @see OSCAL profile resolution, import phase */
export function selectFrom(catalog: Catalog, asks: Asks): Selected {
  const loose: Parameter[] = [...(catalog.params ?? [])];
  const groups = selectGroups(catalog.groups, asks, loose);
  const controls = selectControls(catalog.controls, asks);
  // A parameter of a control that was left out may be what another control's text is about: it comes loose.
  const held = new Set<string>(loose.map((param) => param.id));
  forEachControl({ groups, controls }, (control) => control.params?.forEach((param) => held.add(param.id)));
  forEachGroup(groups, (group) => group.params?.forEach((param) => held.add(param.id)));
  forEachControl(catalog, (control) => {
    for (const param of control.params ?? []) {
      if (held.has(param.id)) continue;
      held.add(param.id);
      loose.push(param);
    }
  });
  return { groups, controls, loose };
}

/** Groups keep what they say; one that holds nothing selected goes, unless it says `keep` `always`. */
function selectGroups(
  groups: readonly Group[] | undefined,
  asks: Asks,
  loose: Parameter[],
): readonly Group[] {
  return (groups ?? []).flatMap((group) => {
    const { groups: innerGroups, controls: innerControls, ...rest } = group;
    const inner = selectGroups(innerGroups, asks, loose);
    const controls = selectControls(innerControls, asks);
    if (inner.length === 0 && controls.length === 0 && !isKept(group)) {
      loose.push(...(group.params ?? []));
      return [];
    }
    return [
      {
        ...rest,
        ...(inner.length === 0 ? {} : { groups: inner }),
        ...(controls.length === 0 ? {} : { controls }),
      },
    ];
  });
}

/** Something that is marked to stay whether or not anything points to it. */
export const isKept = ({ props }: { props?: readonly { name: string; value: string }[] }): boolean =>
  props?.some(({ name, value }) => name === 'keep' && value === 'always') ?? false;

type Tree = Pick<Catalog, 'groups' | 'controls'>;

export function forEachControl(tree: Tree, visit: (control: Control) => void): void {
  for (const control of tree.controls ?? []) {
    visit(control);
    forEachControl({ controls: control.controls ?? [] }, visit);
  }
  for (const group of tree.groups ?? []) forEachControl(group, visit);
}

export function forEachGroup(groups: readonly Group[] | undefined, visit: (group: Group) => void): void {
  for (const group of groups ?? []) {
    visit(group);
    forEachGroup(group.groups, visit);
  }
}
