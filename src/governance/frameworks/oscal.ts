import {
  type Catalog,
  checkDocument,
  createReader,
  type Fault,
  findAmong,
  isGood,
  type NamedDocument,
  readControls,
  resolveProfile,
} from '@ironbark/oscal';
import type { PackFile } from '#platform/content';
import type { EditionControl, Profile } from './catalogue.ts';
import { CatalogueRefused } from './errors.ts';

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

/** An edition with more is none that somebody assesses a system against. */
const maxControls = 20_000;
const maxId = 120;

/**
 * The one catalogue of a pack and the profiles beside it, held to OSCAL's schema and to what a schema can't say.
 * @throws {CatalogueRefused}
 */
export function openCatalogue(name: string, files: readonly PackFile[]): Read {
  const notes: string[] = [];
  const documents = documentsOf(name, files);
  const catalogues = documents.flatMap(({ name: path, document }) =>
    document.model === 'catalog' ? [{ path, value: document.value }] : [],
  );
  const own = catalogues.filter(({ value }) => !isResolved(value));
  for (const { path, value } of catalogues)
    if (isResolved(value)) notes.push(`${path} is a resolved profile and was left out.`);
  for (const { name: path, document } of documents)
    if (document.model !== 'catalog' && document.model !== 'profile')
      notes.push(`${path} is "${document.model}" and was left out.`);
  const [first, second] = own;
  if (first === undefined) throw new CatalogueRefused(name, ['There is no OSCAL catalogue in it.']);
  if (second !== undefined)
    throw new CatalogueRefused(name, [
      `${first.path} and ${second.path} are both catalogues. Import one at a time.`,
    ]);
  const { metadata } = first.value;
  const faults = checkDocument({ model: 'catalog', version: metadata['oscal-version'], value: first.value });
  if (!isGood(faults)) throw new CatalogueRefused(name, faults.map(said));
  const controls = readControls(first.value).map(controlOf);
  if (controls.length > maxControls)
    throw new CatalogueRefused(name, [`It has more than ${maxControls} controls.`]);
  const long = controls.find(({ id }) => id.length > maxId);
  if (long !== undefined)
    throw new CatalogueRefused(name, [
      `The id "${long.id.slice(0, 60)}…" is longer than ${maxId} characters.`,
    ]);
  const published = new Date(metadata.published ?? '');
  return {
    catalogue: {
      version: metadata.version,
      title: metadata.title,
      origin: metadata.parties?.[0]?.name ?? '',
      oscalVersion: metadata['oscal-version'],
      publishedAt: Number.isNaN(published.getTime()) ? undefined : published,
      remark: metadata.remarks ?? '',
      controls,
    },
    profiles: profilesAmong(documents, first.path, notes),
    notes,
  };
}

function documentsOf(name: string, files: readonly PackFile[]): NamedDocument[] {
  const read = createReader();
  return files.map(({ path, text }) => {
    const found = read(text);
    if (!found.ok)
      throw new CatalogueRefused(
        name,
        found.faults.map((fault) => (files.length > 1 ? `${path}: ${said(fault)}` : said(fault))),
      );
    return { name: path, document: found.document };
  });
}

/** Each profile's controls in the order it resolves to; one that can't be resolved from what is at hand is left out, and said. */
function profilesAmong(documents: readonly NamedDocument[], catalogue: string, notes: string[]): Profile[] {
  // ASD's profiles name the catalogue by its address: of the catalogues, the one that counts is meant.
  const find = findAmong(
    documents.filter(({ name, document }) => name === catalogue || document.model === 'profile'),
  );
  const lone = findAmong(documents.filter(({ name }) => name === catalogue));
  return documents.flatMap(({ name, document }) => {
    if (document.model !== 'profile') return [];
    const resolved = resolveProfile(name, document.value, {
      find: (reference) => find(reference) ?? lone(reference),
      uuid: document.value.uuid,
      now: new Date(0),
    });
    if (!resolved.ok) {
      notes.push(`${name} was left out: ${resolved.faults.map(said).join(' ')}`);
      return [];
    }
    for (const note of resolved.notes) notes.push(`${name}: ${said(note)}`);
    const { title, version } = document.value.metadata;
    const controls = readControls(resolved.catalog).map(({ id }) => id);
    return [{ id: profileId(title, version), title, derived: false, controls }];
  });
}

const profileId = (title: string, version: string): string =>
  title
    .replace(version, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+/, '')
    .slice(0, 100)
    .replace(/-+$/, '');

const controlOf = (one: ReturnType<typeof readControls>[number]): EditionControl => ({
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
});

/** ASD's resolved baselines are catalogues too: what a profile made of one says where it came from. */
const isResolved = ({ metadata: { props = [], links = [] } }: Catalog): boolean =>
  props.some(({ name }) => name === 'resolution-tool') || links.some(({ rel }) => rel === 'source-profile');

const said = ({ where, what, help }: Fault): string => `${where === '' ? '' : `${where}: `}${what} ${help}`;

const wholeNumber = (value: string | undefined): number | undefined =>
  value !== undefined && /^\d{1,9}$/.test(value) ? Number(value) : undefined;
