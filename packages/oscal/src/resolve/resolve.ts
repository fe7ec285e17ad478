import type {
  Catalog,
  Control,
  Group,
  InsertControls,
  Parameter,
  Profile,
  ProfileGroup,
} from '../generated/types.ts';
import { capped, type Fault, quoted, step } from '../fault.ts';
import { maybeList } from '../members.ts';
import type { Reader } from '../read/read.ts';
import { alterControl } from './alter.ts';
import { backMatterOf, prunedParams } from './back-matter.ts';
import { type Find, type NamedDocument, type Reference, referenceOf } from './find.ts';
import { type Merged, merge } from './merge.ts';
import { metadataOf } from './metadata.ts';
import { parameterSetter } from './parameters.ts';
import { asksFor, forEachControl, forEachGroup, type Selected, selectFrom } from './select.ts';

export type Resolving = {
  /** Gives what is imported from what is at hand; nothing is fetched. */
  find: Find;
  /** Reads files that are embedded in back matter; without it they are not there. */
  read?: Reader;
  /** The uuid of the result. */
  uuid: string;
  now: Date;
  /** What the result calls its `source-profile`; else the profile's own canonical link, or its name. */
  source?: string;
};

/** `notes` are what the profile asks for and does not get: an id that is not there, a parameter nobody has. */
export type Resolved =
  | { ok: true; catalog: Catalog; notes: readonly Fault[] }
  | { ok: false; faults: readonly Fault[] };

// Profiles that import profiles: more levels than anyone has are a mistake. So are more controls: profiles that import
// one another twice would double them at each level.
const maxDepth = 32;
const maxControls = 100_000;
// Each is held against each control.
const maxPatterns = 1_000;
const maxNotes = 500;

class Refused extends Error {
  readonly fault: Fault;
  constructor(fault: Fault) {
    super(fault.what);
    this.fault = fault;
  }
}

/**
 * Resolves a profile into the catalogue it stands for: import, merge, modify, in that order.
 * @param name what the profile is known by, for messages and to see it again in a circle
 * @see OSCAL profile resolution specification; where it and NIST's expected outputs differ, the outputs (README)
 */
export function resolveProfile(name: string, profile: Profile, resolving: Resolving): Resolved {
  const notes: Fault[] = [];
  try {
    const catalog = resolve({ name, profile, chain: [{ name, profile }], done: new Map() }, resolving, notes);
    return { ok: true, catalog, notes: capped(notes, maxNotes) };
  } catch (error) {
    if (error instanceof Refused) return { ok: false, faults: [error.fault] };
    throw error;
  }
}

type Task = {
  name: string;
  profile: Profile;
  /** From the first profile to this one. */
  chain: readonly { name: string; profile: Profile }[];
  /** What was resolved already: a profile that several import is resolved once. */
  done: Map<Profile, Catalog>;
};

function resolve(task: Task, resolving: Resolving, notes: Fault[]): Catalog {
  const { profile } = task;
  oneStructure(profile);
  fewPatterns(profile);
  const catalogs = profile.imports.map((_, at) => importOf(task, at, resolving, notes));
  const selected = catalogs.map((catalog, at) => select(profile, at, catalog, notes));
  let count = 0;
  for (const each of selected) forEachControl(each, () => count++);
  if (count > maxControls) throw new Refused(tooMany(count));
  const modified = modify(merge(selected, profile.merge), profile, notes);
  const { params, controls, groups } = { ...modified, params: prunedParams(modified) };
  const content = {
    ...maybeList('params', params),
    ...maybeList('controls', controls),
    ...maybeList('groups', groups),
  };
  const backMatter = backMatterOf([...catalogs, profile], content);
  return {
    uuid: resolving.uuid,
    metadata: metadataOf(task.name, profile, catalogs, resolving),
    ...content,
    ...(backMatter === undefined ? {} : { 'back-matter': backMatter }),
  };
}

const tooMany = (count: number): Fault => ({
  code: 'too-many',
  where: '/profile/imports',
  what: `The imports bring ${count.toLocaleString('en-AU')} controls; at most ${maxControls.toLocaleString('en-AU')} are resolved.`,
  help: 'Import each catalogue once, or only the controls that apply.',
});

function oneStructure({ merge: directive }: Profile): void {
  const asked = [
    directive?.flat !== undefined && 'flat',
    directive?.['as-is'] === true && 'as-is',
    directive?.custom !== undefined && 'custom',
  ];
  const said = asked.filter((name) => name !== false);
  if (said.length > 1)
    throw new Refused({
      code: 'schema',
      where: '/profile/merge',
      what: `The profile asks for more than one structure: ${said.join(' and ')}.`,
      help: 'Keep one of flat, as-is and custom.',
    });
}

function fewPatterns({ imports, merge: directive }: Profile): void {
  const inGroups = (groups: readonly ProfileGroup[] | undefined): readonly InsertControls[] =>
    (groups ?? []).flatMap((group) => [...(group['insert-controls'] ?? []), ...inGroups(group.groups)]);
  const asking = [
    ...imports,
    ...(directive?.custom?.['insert-controls'] ?? []),
    ...inGroups(directive?.custom?.groups),
  ];
  const count = asking
    .flatMap((each) => [...(each['include-controls'] ?? []), ...(each['exclude-controls'] ?? [])])
    .reduce((sum, { matching }) => sum + (matching?.length ?? 0), 0);
  if (count > maxPatterns)
    throw new Refused({
      code: 'too-many',
      where: '/profile',
      what: `The profile has ${count.toLocaleString('en-AU')} patterns; at most ${maxPatterns.toLocaleString('en-AU')} are matched.`,
      help: 'Name the controls by their ids.',
    });
}

function importOf(task: Task, at: number, resolving: Resolving, notes: Fault[]): Catalog {
  const { profile, chain } = task;
  const where = `/profile/imports${step(at)}/href`;
  const href = profile.imports[at]?.href ?? '';
  const reference = referenceOf(profile, href);
  if (reference === undefined) throw new Refused(noResource(profile, href, where, task.name));
  const { name, document } = found(reference, where, task.name, resolving);
  if (document.model === 'catalog') return document.value;
  if (document.model !== 'profile')
    throw new Refused({
      code: 'wrong-model',
      where,
      what: `${name} is a ${document.model}; a profile imports catalogues and profiles.`,
      help: 'Correct the reference, or give the catalogue it means.',
    });
  const next = { name, profile: document.value };
  const again = chain.some((each) => each.profile === next.profile || (name !== '' && each.name === name));
  if (again || chain.length >= maxDepth)
    throw new Refused({
      code: 'circular-import',
      where,
      what: again
        ? `The imports go in a circle: ${[...chain.map((each) => each.name), name].join(' -> ')}.`
        : `Profiles import profiles more than ${maxDepth} deep.`,
      help: 'Let one of them import the catalogue itself.',
    });
  const catalog =
    task.done.get(next.profile) ?? resolve({ ...task, ...next, chain: [...chain, next] }, resolving, notes);
  task.done.set(next.profile, catalog);
  return catalog;
}

function found(reference: Reference, where: string, from: string, { find, read }: Resolving): NamedDocument {
  const file = find(reference);
  if (file !== undefined) return file;
  const embedded =
    reference.embedded === undefined ? undefined : read?.(Buffer.from(reference.embedded, 'base64'));
  if (embedded?.ok) return { name: `${from} (embedded)`, document: embedded.document };
  const [first] = reference.hrefs;
  throw new Refused({
    code: 'unresolved-import',
    where,
    what: `${quoted(reference.title ?? first ?? reference.href)} is not at hand${first === undefined ? '' : ` (${quoted(first)})`}.`,
    help: 'Give its file: nothing is fetched.',
  });
}

const noResource = (profile: Profile, href: string, where: string, name: string): Fault => ({
  code: profile['back-matter'] === undefined ? 'missing-back-matter' : 'unresolved-import',
  where,
  what:
    profile['back-matter'] === undefined
      ? `The import points to ${quoted(href)}, and ${name} has no back matter.`
      : `The import points to ${quoted(href)}, which is no resource in the back matter of ${name}.`,
  help: 'Add a resource with that uuid and a link to the catalogue, or write the link itself.',
});

function select(profile: Profile, at: number, catalog: Catalog, notes: Fault[]): Selected {
  const directive = profile.imports[at];
  if (directive === undefined) return { groups: [], controls: [], loose: [] };
  const where = `/profile/imports${step(at)}`;
  const ids = new Set<string>();
  forEachControl(catalog, (control) => ids.add(control.id));
  for (const name of ['include-controls', 'exclude-controls'] as const) {
    for (const [index, selector] of (directive[name] ?? []).entries()) {
      for (const [place, id] of (selector['with-ids'] ?? []).entries())
        if (!ids.has(id))
          notes.push({
            code: 'unknown-control',
            where: `${where}/${name}${step(index)}/with-ids${step(place)}`,
            what: `${quoted(id)} is not in ${quoted(catalog.metadata.title)}.`,
            help: 'Check the id, and that the catalogue is of the edition the profile was written for.',
            // What is to be left out and is not there does no harm.
            ...(name === 'exclude-controls' ? { warning: true } : {}),
          });
    }
  }
  return selectFrom(catalog, asksFor(directive));
}

function modify(merged: Merged, profile: Profile, notes: Fault[]): Merged {
  const settings = profile.modify?.['set-parameters'] ?? [];
  const alterations = profile.modify?.alters ?? [];
  if (settings.length === 0 && alterations.length === 0) return merged;
  noteMissing(merged, profile, notes);
  const set = parameterSetter(settings);
  const alters = Map.groupBy(alterations, (alter) => alter['control-id']);
  const controlOf = (control: Control): Control => alterControl(withParams(control, set), alters);
  const groupOf = (group: Group): Group => ({
    ...group,
    ...maybeList('params', group.params?.map(set)),
    ...maybeList('groups', group.groups?.map(groupOf)),
    ...maybeList('controls', group.controls?.map(controlOf)),
  });
  return {
    params: merged.params.map(set),
    controls: merged.controls.map(controlOf),
    groups: merged.groups.map(groupOf),
  };
}

const withParams = (control: Control, set: (param: Parameter) => Parameter): Control => ({
  ...control,
  ...maybeList('params', control.params?.map(set)),
  ...maybeList(
    'controls',
    control.controls?.map((child) => withParams(child, set)),
  ),
});

function noteMissing(merged: Merged, profile: Profile, notes: Fault[]): void {
  const params = new Set(merged.params.map(({ id }) => id));
  const controls = new Set<string>();
  forEachControl(merged, (control) => {
    controls.add(control.id);
    control.params?.forEach(({ id }) => params.add(id));
  });
  forEachGroup(merged.groups, (group) => group.params?.forEach(({ id }) => params.add(id)));
  for (const [at, { 'param-id': id }] of (profile.modify?.['set-parameters'] ?? []).entries())
    if (!params.has(id))
      notes.push({
        code: 'unknown-parameter',
        where: `/profile/modify/set-parameters${step(at)}/param-id`,
        what: `No selected control has a parameter ${quoted(id)}.`,
        help: 'Check the id, or select the control it is of.',
        warning: true,
      });
  for (const [at, { 'control-id': id }] of (profile.modify?.alters ?? []).entries())
    if (!controls.has(id))
      notes.push({
        code: 'unknown-control',
        where: `/profile/modify/alters${step(at)}/control-id`,
        what: `${quoted(id)} is to be altered and is not selected.`,
        help: 'Check the id, or select the control.',
        warning: true,
      });
}
