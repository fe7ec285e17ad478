import { type Catalog, readControls } from '@ironbark/oscal';
import type { PackFile } from '#platform/content';
import { z } from 'zod';
import type { EditionControl, Profile } from './catalogue.ts';
import { CatalogueRefused } from './errors.ts';

const text = z.string().max(200_000);
const prop = z.looseObject({ name: text, value: text });
const metadata = z.looseObject({
  title: text.min(1),
  version: text.min(1),
  'oscal-version': text.regex(/^1\.[0-2]\.\d+/, 'OSCAL 1.0 to 1.2 is read.'),
  published: text.optional(),
  remarks: text.optional(),
  props: z.array(prop).optional(),
  links: z.array(z.looseObject({ href: text, rel: text.optional() })).optional(),
  parties: z.array(z.looseObject({ name: text.optional() })).optional(),
});
const withIds = z.looseObject({ 'with-ids': z.array(text).optional(), matching: z.unknown().optional() });
const profileDocument = z.looseObject({
  metadata,
  imports: z.array(
    z.looseObject({
      href: text,
      'include-all': z.unknown().optional(),
      'include-controls': z.array(withIds).optional(),
      'exclude-controls': z.array(withIds).optional(),
    }),
  ),
});
const catalogueDocument = z.looseObject({ uuid: text, metadata });

type Read = {
  readonly catalogue: {
    readonly version: string;
    readonly title: string;
    readonly origin: string;
    readonly oscalVersion: string;
    readonly publishedAt: Date | undefined;
    readonly remark: string;
    readonly controls: readonly EditionControl[];
  };
  readonly profiles: readonly Profile[];
  readonly notes: readonly string[];
};

type Document = { readonly path: string; readonly kind: string; readonly body: unknown };

/** The one catalogue of a pack and the profiles beside it, as far as they can be used. @throws {CatalogueRefused} */
export function openCatalogue(name: string, files: readonly PackFile[]): Read {
  const notes: string[] = [];
  const documents = files.map((file) => documentOf(name, file));
  const own = documents.filter(({ kind, body }) => kind === 'catalog' && !isResolved(body));
  for (const { path, kind, body } of documents)
    if (kind === 'catalog' && isResolved(body)) notes.push(`${path} is a resolved profile and was left out.`);
    else if (kind !== 'catalog' && kind !== 'profile') notes.push(`${path} is "${kind}" and was left out.`);
  const [first, second] = own;
  if (first === undefined) throw new CatalogueRefused(name, ['There is no OSCAL catalogue in it.']);
  if (second !== undefined)
    throw new CatalogueRefused(name, [
      `${first.path} and ${second.path} are both catalogues. Import one at a time.`,
    ]);
  const { metadata: about } = parsed(name, first.path, catalogueDocument, first.body);
  const faults = faultsOf(first.body);
  if (faults.length > 0) throw new CatalogueRefused(name, faults);
  // Its shape, as far as reading its controls goes, was looked at just above.
  const controls = readControls(first.body as Catalog).map(
    (one): EditionControl => ({
      id: one.id,
      assessed: !(one.class ?? '').endsWith('-principle') && !one.withdrawn,
      label: one.id.toUpperCase(),
      title: one.title,
      statement: one.statement,
      statementHash: one.statementHash,
      guidance: one.guidance,
      path: one.path,
      applicability: one.applicability,
      e8Levels: one.e8Levels,
      revision: wholeNumber(one.revision),
      updated: one.updated,
      sortId: one.sortId ?? '',
    }),
  );
  const published = new Date(about.published ?? '');
  return {
    catalogue: {
      version: about.version,
      title: about.title,
      origin: about.parties?.[0]?.name ?? '',
      oscalVersion: about['oscal-version'],
      publishedAt: Number.isNaN(published.getTime()) ? undefined : published,
      remark: about.remarks ?? '',
      controls,
    },
    profiles: documents
      .filter(({ kind }) => kind === 'profile')
      .flatMap(({ path, body }) =>
        selection(parsed(name, path, profileDocument, body), path, controls, notes),
      ),
    notes,
  };
}

/** Controls a profile selects, in the order of the catalogue; a way of selecting that we don't know leaves it out. */
function selection(
  { metadata: about, imports }: z.infer<typeof profileDocument>,
  path: string,
  controls: readonly EditionControl[],
  notes: string[],
): Profile[] {
  const all = [
    ...imports.flatMap((one) => one['include-controls'] ?? []),
    ...imports.flatMap((one) => one['exclude-controls'] ?? []),
  ];
  if (all.some(({ matching }) => matching !== undefined)) {
    notes.push(`${path} selects by pattern and was left out.`);
    return [];
  }
  const idsOf = (part: 'include-controls' | 'exclude-controls'): Set<string> =>
    new Set(imports.flatMap((one) => one[part] ?? []).flatMap((one) => one['with-ids'] ?? []));
  const everything = imports.some((one) => one['include-all'] !== undefined);
  const [included, excluded] = [idsOf('include-controls'), idsOf('exclude-controls')];
  const known = new Set(controls.map(({ id }) => id));
  const selected = controls
    .map(({ id }) => id)
    .filter((id) => (everything || included.has(id)) && !excluded.has(id));
  const id = about.title
    .replace(about.version, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+/, '')
    .slice(0, 100)
    .replace(/-+$/, '');
  // What the catalogue does not have stays in, so that the caller can say so.
  return [
    {
      id,
      title: about.title,
      derived: false,
      controls: [...selected, ...[...included].filter((one) => !known.has(one))],
    },
  ];
}

function documentOf(name: string, { path, text: json }: PackFile): Document {
  let body: unknown;
  try {
    body = JSON.parse(json.replace(/^\uFEFF/, ''));
  } catch {
    const xml = /^\s*</.test(json) ? ' It looks like XML: use the JSON form.' : '';
    throw new CatalogueRefused(name, [`${path} is no JSON.${xml}`]);
  }
  const entries =
    typeof body === 'object' && body !== null && !Array.isArray(body) ? Object.entries(body) : [];
  const [kind, inside] = entries.find(([key]) => key !== '$schema') ?? ['nothing', undefined];
  return { path, kind, body: inside };
}

function parsed<Schema extends z.ZodType>(
  name: string,
  path: string,
  schema: Schema,
  body: unknown,
): z.output<Schema> {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  throw new CatalogueRefused(
    name,
    result.error.issues
      .slice(0, 20)
      .map(({ path: at, message }) => `${path}, ${at.join('.') || 'top'}: ${message}`),
  );
}

const maxDepth = 24;
const maxControls = 20_000;
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What keeps a catalogue's controls from being read: shapes, ids that are there twice, depth. */
function faultsOf(catalogue: unknown): string[] {
  const faults: string[] = [];
  const ids = new Set<string>();
  const strings = (holder: Record<string, unknown>, names: readonly string[], where: string): void => {
    for (const one of names)
      if (typeof holder[one] !== 'string' || holder[one] === '') faults.push(`${where} has no ${one}.`);
  };
  const each = (
    holder: Record<string, unknown>,
    name: string,
    where: string,
    visit: (one: Record<string, unknown>) => void,
  ): void => {
    const list = holder[name];
    if (list === undefined) return;
    if (!Array.isArray(list)) return void faults.push(`${where}: "${name}" is no list.`);
    for (const one of list) {
      if (isObject(one)) visit(one);
      else faults.push(`${where}: "${name}" holds what is no object.`);
    }
  };
  const visitPart = (part: Record<string, unknown>, where: string, depth: number): void => {
    if (depth > maxDepth) return void faults.push(`${where} is nested too deeply.`);
    strings(part, ['name'], `A part of ${where}`);
    if (part['prose'] !== undefined && typeof part['prose'] !== 'string')
      faults.push(`${where}: prose is no text.`);
    each(part, 'props', where, (one) => strings(one, ['name', 'value'], `A property of ${where}`));
    each(part, 'parts', where, (one) => visitPart(one, where, depth + 1));
  };
  const visit = (holder: Record<string, unknown>, where: string, depth: number): void => {
    if (depth > maxDepth) return void faults.push(`${where} is nested too deeply.`);
    each(holder, 'props', where, (one) => strings(one, ['name', 'value'], `A property of ${where}`));
    each(holder, 'params', where, (one) => strings(one, ['id'], `A parameter of ${where}`));
    each(holder, 'parts', where, (one) => visitPart(one, where, depth + 1));
    each(holder, 'controls', where, (control) => {
      const id = typeof control['id'] === 'string' ? control['id'] : '';
      strings(control, ['id', 'title'], `A control of ${where}`);
      if (ids.has(id)) faults.push(`The control "${id.slice(0, 100)}" is there twice.`);
      ids.add(id);
      if (id.length > 120) faults.push(`The id "${id.slice(0, 60)}…" is longer than 120 characters.`);
      if (ids.size <= maxControls) visit(control, `"${id.slice(0, 100)}"`, depth + 1);
    });
    each(holder, 'groups', where, (group) => {
      strings(group, ['title'], `A group of ${where}`);
      visit(group, `"${String(group['title']).slice(0, 100)}"`, depth + 1);
    });
  };
  if (isObject(catalogue)) visit(catalogue, 'the catalogue', 0);
  else faults.push('The catalogue is no object.');
  if (ids.size > maxControls) faults.push(`It has more than ${maxControls} controls.`);
  return faults;
}

/** ASD's resolved baselines are catalogues too: what a profile made of one says where it came from. */
function isResolved(body: unknown): boolean {
  const read = z
    .looseObject({
      metadata: z.looseObject({ props: z.array(prop).optional(), links: metadata.shape.links }),
    })
    .safeParse(body);
  if (!read.success) return false;
  const { props = [], links = [] } = read.data.metadata;
  return (
    props.some((one) => one.name === 'resolution-tool') || links.some((one) => one.rel === 'source-profile')
  );
}

const wholeNumber = (value: string | undefined): number | undefined =>
  value !== undefined && /^\d{1,9}$/.test(value) ? Number(value) : undefined;
