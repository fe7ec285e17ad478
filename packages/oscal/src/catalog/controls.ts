import { createHash } from 'node:crypto';
import type { Catalog, Control, Group, Parameter, Part } from '../generated/types.ts';
import { applicabilityOf, e8LevelsOf, ismProps } from './applicability.ts';
import { linksIn, type ProseLink, resourcesOf } from './links.ts';
import { withParams } from './params.ts';

/** One control (or principle) of a catalogue as a reader needs it. */
export type CatalogControl = {
  id: string;
  /** What the catalogue says it is, e.g. `ISM-control`, `ISM-principle`, `SP800-53`. */
  class?: string;
  /** The catalogue's title; the ISM's stub ("Control: ism-0001") is `ISM-0001`. */
  title: string;
  /** Markdown with its parameters put in; '' when the control has no statement. */
  statement: string;
  /** SHA-256 of the statement in UTF-8, lower-case hex: what an answer or a check binds to. */
  statementHash: string;
  statementLinks: readonly ProseLink[];
  /** What the control and its topic say beside it (`guidance` of the control, then `overview` of its group). */
  guidance: string;
  guidanceLinks: readonly ProseLink[];
  /** Titles of the groups from the outermost to the topic; a control within a control has its parent's title last. */
  path: readonly string[];
  /** The control it stands in, for enhancements. */
  parent?: string;
  applicability: readonly string[];
  e8Levels: readonly ('ML1' | 'ML2' | 'ML3')[];
  revision?: string;
  /** As the catalogue writes it, e.g. `Dec-25`. */
  updated?: string;
  sortId?: string;
  withdrawn: boolean;
};

type Place = {
  path: readonly string[];
  overview: string;
  params: ReadonlyMap<string, Parameter>;
  parent?: string;
};

/**
 * Every control of a validated catalogue in document order, nested ones after the control they stand in.
 * The ISM's properties are known by their namespace; what another catalogue does not have stays out.
 */
export function readControls(catalog: Catalog): readonly CatalogControl[] {
  const resources = resourcesOf(catalog);
  const params = paramsOf(catalog);
  const controls: CatalogControl[] = [];

  const addControl = (control: Control, place: Place): void => {
    const statement = proseOf(control.parts, /^statement$/, params);
    const guidance = [proseOf(control.parts, /^(guidance|overview)$/, params), place.overview]
      .filter((text) => text !== '')
      .join('\n\n');
    const props = ismProps(control);
    const revision = props.find((prop) => prop.name === 'revision')?.value;
    const updated = props.find((prop) => prop.name === 'updated')?.value;
    const sortId = control.props?.find((prop) => prop.name === 'sort-id')?.value;
    const title = /^Control: ism-\d+$/.test(control.title) ? control.id.toUpperCase() : control.title;
    controls.push({
      id: control.id,
      ...(control.class === undefined ? {} : { class: control.class }),
      title: withParams(title, params),
      statement,
      statementHash: hashOf(statement),
      statementLinks: linksIn(statement, resources),
      guidance,
      guidanceLinks: linksIn(guidance, resources),
      path: place.path,
      ...(place.parent === undefined ? {} : { parent: place.parent }),
      applicability: applicabilityOf(props),
      e8Levels: e8LevelsOf(props),
      ...(revision === undefined ? {} : { revision }),
      ...(updated === undefined ? {} : { updated }),
      ...(sortId === undefined ? {} : { sortId }),
      withdrawn: isWithdrawn(control),
    });
    const inside = { ...place, path: [...place.path, title], parent: control.id };
    for (const child of control.controls ?? []) addControl(child, inside);
  };
  const addGroup = (group: Group, above: readonly string[]): void => {
    const path = [...above, group.title];
    const place = { path, overview: proseOf(group.parts, /^overview$/, params), params };
    for (const control of group.controls ?? []) addControl(control, place);
    for (const inner of group.groups ?? []) addGroup(inner, path);
  };

  for (const control of catalog.controls ?? []) addControl(control, { path: [], overview: '', params });
  for (const group of catalog.groups ?? []) addGroup(group, []);
  return controls;
}

/** SHA-256 of a statement, lower-case hex. */
export const hashOf = (statement: string): string => createHash('sha256').update(statement).digest('hex');

/** The prose of the parts of that name, with their own parts below them (lettered items keep their label). */
function proseOf(
  parts: readonly Part[] | undefined,
  name: RegExp,
  params: ReadonlyMap<string, Parameter>,
): string {
  const lines: string[] = [];
  const add = (part: Part, depth: number): void => {
    const label = part.props?.find((prop) => prop.name === 'label')?.value;
    const text = [depth === 0 ? undefined : label, part.prose]
      .filter((piece) => piece !== undefined)
      .join(' ');
    if (text !== '') lines.push(`${'  '.repeat(Math.max(0, depth - 1))}${withParams(text, params)}`);
    for (const inner of part.parts ?? []) add(inner, depth + 1);
  };
  for (const part of parts ?? []) if (name.test(part.name)) add(part, 0);
  return lines.join('\n');
}

/** Parameters of the whole catalogue by id: OSCAL gives each an id of its own in the catalogue. */
function paramsOf(catalog: Catalog): ReadonlyMap<string, Parameter> {
  const found = new Map<string, Parameter>();
  const add = (holder: Pick<Control, 'params'>): void => {
    for (const param of holder.params ?? []) if (!found.has(param.id)) found.set(param.id, param);
  };
  const walkControl = (control: Control): void => {
    add(control);
    control.controls?.forEach(walkControl);
  };
  const walkGroup = (group: Group): void => {
    add(group);
    group.controls?.forEach(walkControl);
    group.groups?.forEach(walkGroup);
  };
  add(catalog);
  catalog.controls?.forEach(walkControl);
  catalog.groups?.forEach(walkGroup);
  return found;
}

function isWithdrawn(control: Control): boolean {
  return (
    control.props?.some(({ name, value }) => name === 'status' && value.toLowerCase() === 'withdrawn') ??
    false
  );
}
