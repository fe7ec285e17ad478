import type { Control, Link, Parameter, Part, ProfileModify, Property } from '../generated/types.ts';

export type Alter = NonNullable<ProfileModify['alters']>[number];
type Add = NonNullable<Alter['adds']>[number];
type Remove = NonNullable<Alter['removes']>[number];

/** Everything that stands in a control. */
type Item =
  | { param: Parameter }
  | { prop: Property }
  | { link: Link }
  | { part: Part }
  | { control: Control };
type Name = 'params' | 'props' | 'links' | 'parts' | 'controls';
type Lists = { readonly [N in Name]?: Control[N] | undefined };

// SOURCE: OSCAL profile resolution, criterion by-ns: this namespace is that of items without one.
const oscalNamespace = 'http://csrc.nist.gov/ns/oscal';

/**
 * A control as the profile alters it, and the controls in it. What is removed is what the control held before;
 * what is added stays. An addition to an id that is not there does nothing.
 * @see OSCAL profile resolution, altering controls
 */
export function alterControl(control: Control, alters: ReadonlyMap<string, readonly Alter[]>): Control {
  return alterWithin(control, [], alters)[0] ?? control;
}

type Context = {
  /** Additions to things in the control (of its alterations and of the controls it stands in), by id. */
  adds: ReadonlyMap<string, readonly Add[]>;
  removes: readonly Remove[];
};

function alterWithin(
  control: Control,
  above: readonly Alter[],
  alters: ReadonlyMap<string, readonly Alter[]>,
): readonly Control[] {
  const own = alters.get(control.id) ?? [];
  const all = [...above, ...own];
  if (all.length === 0 && !hasAltered(control, alters)) return [control];
  const outer = contextOf(above);
  const inner = contextOf(all);
  if (above.length > 0 && removed({ control }, outer.removes)) return [];
  const implicit = own
    .flatMap((alter) => alter.adds ?? [])
    .filter((add) => (add['by-id'] ?? control.id) === control.id);
  const additions = [...implicit, ...inside(outer.adds.get(control.id))];
  const { title, lists } = withAdditions(
    control.title,
    {
      params: flatMapItems(control.params, (param) => alterParam(param, inner)),
      props: control.props?.filter((prop) => !removed({ prop }, inner.removes)),
      links: control.links?.filter((link) => !removed({ link }, inner.removes)),
      parts: flatMapItems(control.parts, (part) => alterPart(part, inner)),
      controls: control.controls?.flatMap((child) => alterWithin(child, all, alters)),
    },
    additions,
    aroundIn(control, inner),
  );
  const { params: _, props: __, links: ___, parts: ____, controls: _____, ...rest } = control;
  return [{ ...rest, title: title ?? control.title, ...withoutEmpty(lists) }];
}

/** Additions that go into the thing they name; the others stand beside it. */
const inside = (adds: readonly Add[] | undefined): readonly Add[] =>
  (adds ?? []).filter((add) => add.position !== 'before' && add.position !== 'after');

const hasAltered = (control: Control, alters: ReadonlyMap<string, readonly Alter[]>): boolean =>
  alters.has(control.id) || (control.controls?.some((child) => hasAltered(child, alters)) ?? false);

function contextOf(alters: readonly Alter[]): Context {
  const adds = alters.flatMap((alter) =>
    (alter.adds ?? []).filter((add) => add['by-id'] !== undefined && add['by-id'] !== alter['control-id']),
  );
  return {
    adds: Map.groupBy(adds, (add) => add['by-id'] ?? ''),
    removes: alters.flatMap((alter) => alter.removes ?? []),
  };
}

const flatMapItems = <T>(
  items: readonly T[] | undefined,
  change: (item: T) => readonly T[],
): readonly T[] | undefined => items?.flatMap(change);

/** A part with what is added in, before and after it; nothing of itself when it is removed. */
function alterPart(part: Part, context: Context): readonly Part[] {
  const adds = part.id === undefined ? [] : (context.adds.get(part.id) ?? []);
  const beside = (where: 'before' | 'after'): readonly Part[] =>
    adds.filter((add) => add.position === where).flatMap((add) => add.parts ?? []);
  if (removed({ part }, context.removes)) return [...beside('before'), ...beside('after')];
  const { title, lists } = withAdditions(
    part.title,
    {
      props: part.props?.filter((prop) => !removed({ prop }, context.removes)),
      links: part.links?.filter((link) => !removed({ link }, context.removes)),
      parts: flatMapItems(part.parts, (inner) => alterPart(inner, context)),
    },
    inside(adds),
    aroundIn({ parts: part.parts }, context),
  );
  const { props: _, links: __, parts: ___, ...rest } = part;
  // A part has no parameters of its own.
  const { params: ____, ...kept } = withoutEmpty(lists);
  return [
    ...beside('before'),
    { ...rest, ...(title === undefined ? {} : { title }), ...kept },
    ...beside('after'),
  ];
}

function alterParam(param: Parameter, context: Context): readonly Parameter[] {
  const adds = context.adds.get(param.id) ?? [];
  const beside = (where: 'before' | 'after'): readonly Parameter[] =>
    adds.filter((add) => add.position === where).flatMap((add) => add.params ?? []);
  if (removed({ param }, context.removes)) return [...beside('before'), ...beside('after')];
  const { lists } = withAdditions(
    undefined,
    {
      props: param.props?.filter((prop) => !removed({ prop }, context.removes)),
      links: param.links?.filter((link) => !removed({ link }, context.removes)),
    },
    inside(adds),
    [],
  );
  const { props: _, links: __, ...rest } = param;
  const { props, links } = withoutEmpty(lists);
  return [
    ...beside('before'),
    { ...rest, ...(props === undefined ? {} : { props }), ...(links === undefined ? {} : { links }) },
    ...beside('after'),
  ];
}

/**
 * Additions beside something in this holder whose own kind of list is another: a property beside a part goes to the
 * holder's properties, at the end; beside a parameter, at the start (parameters stand before all else).
 */
function aroundIn(holder: Lists, context: Context): readonly Add[] {
  const around = (
    ids: readonly (string | undefined)[],
    own: 'params' | 'parts' | 'controls',
    position: 'starting' | 'ending',
  ) =>
    ids.flatMap((id) =>
      (id === undefined ? [] : (context.adds.get(id) ?? []))
        .filter((add) => add.position === 'before' || add.position === 'after')
        .map((add): Add => {
          const { params, parts, props, links } = add;
          return {
            position,
            ...(own === 'params' || params === undefined ? {} : { params }),
            ...(props === undefined ? {} : { props }),
            ...(links === undefined ? {} : { links }),
            ...(own === 'parts' || parts === undefined ? {} : { parts }),
          };
        }),
    );
  return [
    ...around(
      (holder.params ?? []).map(({ id }) => id),
      'params',
      'starting',
    ),
    ...around(
      (holder.parts ?? []).map(({ id }) => id),
      'parts',
      'ending',
    ),
    ...around(
      (holder.controls ?? []).map(({ id }) => id),
      'controls',
      'ending',
    ),
  ];
}

/** Additions as a whole: at the start of each list when so asked (`before` counts as that), else at its end. */
function withAdditions(
  title: string | undefined,
  lists: Lists,
  adds: readonly Add[],
  around: readonly Add[],
): { title: string | undefined; lists: Lists } {
  const all = [...adds, ...around];
  const first = all.filter(({ position }) => position === 'starting' || position === 'before');
  const last = all.filter(({ position }) => position !== 'starting' && position !== 'before');
  const together = <T>(
    items: readonly T[] | undefined,
    of: (add: Add) => readonly T[] | undefined,
  ): readonly T[] => [
    ...first.flatMap((add) => of(add) ?? []),
    ...(items ?? []),
    ...last.flatMap((add) => of(add) ?? []),
  ];
  return {
    title: adds.findLast((add) => add.title !== undefined)?.title ?? title,
    lists: {
      params: together(lists.params, (add) => add.params),
      props: together(lists.props, (add) => add.props),
      links: together(lists.links, (add) => add.links),
      parts: together(lists.parts, (add) => add.parts),
      controls: lists.controls ?? [],
    },
  };
}

/** OSCAL has no empty lists. */
function withoutEmpty(lists: Lists): { readonly [N in Name]?: NonNullable<Control[N]> } {
  const { params, props, links, parts, controls } = lists;
  return {
    ...(params?.length ? { params } : {}),
    ...(props?.length ? { props } : {}),
    ...(links?.length ? { links } : {}),
    ...(parts?.length ? { parts } : {}),
    ...(controls?.length ? { controls } : {}),
  };
}

/** Whether one of the removals names the item by everything it says; one that says nothing names nothing. */
function removed(item: Item, removes: readonly Remove[]): boolean {
  const [kind, held] = Object.entries(item)[0] ?? [];
  if (held === undefined) return false;
  const {
    id,
    name,
    ns,
    class: itemClass,
  } = { id: undefined, name: undefined, ns: undefined, class: undefined, ...held };
  return removes.some((remove) => {
    const criteria: readonly (readonly [string | undefined, boolean])[] = [
      [remove['by-item-name'], remove['by-item-name'] === kind],
      [remove['by-id'], remove['by-id'] === id],
      [remove['by-name'], remove['by-name'] === name],
      [remove['by-class'], remove['by-class'] === itemClass],
      [remove['by-ns'], remove['by-ns'] === (ns ?? oscalNamespace)],
    ];
    const said = criteria.filter(([criterion]) => criterion !== undefined);
    return said.length > 0 && said.every(([, matches]) => matches);
  });
}
