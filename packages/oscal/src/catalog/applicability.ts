import type { Control } from '../generated/types.ts';

// SOURCE: the props of ASD's ISM in OSCAL. Namespaces 1.0 and 2.0 (editions before December 2024) know no NC, and 1.0
// says O for what is called OS since; their ALL means every marking of that time.
const ismNamespace = /^https:\/\/(?:www\.)?cyber\.gov\.au\/ns\/ism\/oscal\/(\d+)\.\d+$/;
const order = ['NC', 'OS', 'P', 'S', 'TS'];
const markings = (major: number): readonly string[] => (major >= 3 ? order : order.slice(1));

/** A property of the ISM's own: its name, its value and the major version of its namespace. */
type IsmProp = { name: string; value: string; major: number };

export function ismProps(control: Pick<Control, 'props'>): readonly IsmProp[] {
  return (control.props ?? []).flatMap(({ name, ns, value }) => {
    const major = ns === undefined ? undefined : ismNamespace.exec(ns)?.[1];
    return major === undefined ? [] : [{ name, value, major: Number(major) }];
  });
}

/** The markings a control applies to, in the order NC, OS, P, S, TS; unknown ones after them, as they are written. */
export function applicabilityOf(props: readonly IsmProp[]): readonly string[] {
  const found = new Set(
    props
      .filter((prop) => prop.name === 'applicability')
      .flatMap((prop) =>
        prop.value === 'ALL'
          ? markings(prop.major)
          : [prop.value === 'O' && prop.major === 1 ? 'OS' : prop.value],
      ),
  );
  return [
    ...order.filter((marking) => found.has(marking)),
    ...[...found].filter((marking) => !order.includes(marking)),
  ];
}

/** Essential Eight levels, sorted. They are not cumulative: what stands there is what is there. */
export function e8LevelsOf(props: readonly IsmProp[]): readonly ('ML1' | 'ML2' | 'ML3')[] {
  const found = new Set(
    props.filter((prop) => prop.name === 'essential-eight-applicability').map((prop) => prop.value),
  );
  return (['ML1', 'ML2', 'ML3'] as const).filter((level) => found.has(level));
}
