import type { PackFile } from '#platform/content';
import type { EditionControl, Profile } from './catalogue.ts';
import { CatalogueRefused } from './errors.ts';
import { openCatalogue } from './oscal.ts';

/** What a pack holds: one catalogue, and profiles of it. */
export type ReadEdition = {
  readonly framework: string;
  readonly version: string;
  readonly title: string;
  readonly origin: string;
  readonly oscalVersion: string;
  readonly publishedAt: Date | undefined;
  readonly remark: string;
  readonly controls: readonly EditionControl[];
  readonly profiles: readonly Profile[];
  /** What was in the pack and was left out, and what is odd about it. */
  readonly notes: readonly string[];
};

/**
 * Reads the files of a pack. Either all of it can be used, or it is refused with every fault that was found.
 * @param given the framework's id; left out: 'ism' where its controls are the ISM's, else from the title
 * @throws {CatalogueRefused}
 */
export function readEdition(name: string, files: readonly PackFile[], given?: string): ReadEdition {
  const { catalogue, profiles, notes } = openCatalogue(name, files);
  const controls = catalogue.controls;
  const ids = new Set(controls.map(({ id }) => id));
  const faults = profiles.flatMap(({ id, controls: wanted }) => {
    const missing = wanted.filter((one) => !ids.has(one));
    return missing.length === 0
      ? []
      : [`The profile "${id}" selects what the catalogue does not have: ${missing.slice(0, 5).join(', ')}.`];
  });
  if (!controls.some(({ assessed }) => assessed)) faults.push('It has no control.');
  if (faults.length > 0) throw new CatalogueRefused(name, faults);
  const framework =
    given ?? (controls.some(({ id }) => /^ism-\d+$/.test(id)) ? 'ism' : slug(catalogue.title));
  return { ...catalogue, framework, profiles: [...profiles, ...derived(controls)], notes };
}

const markings: readonly (readonly [string, string])[] = [
  ['NC', 'Non-classified'],
  ['OS', 'OFFICIAL: Sensitive'],
  ['P', 'PROTECTED'],
  ['S', 'SECRET'],
  ['TS', 'TOP SECRET'],
];

/** Every control; those of each marking; those of each Essential Eight level. */
function derived(controls: readonly EditionControl[]): Profile[] {
  const select = (id: string, title: string, wanted: (one: EditionControl) => boolean): Profile => ({
    id,
    title,
    derived: true,
    controls: controls.filter(wanted).map((one) => one.id),
  });
  const levels = ['ML1', 'ML2', 'ML3'];
  return [
    select('all', 'Every control', () => true),
    ...markings.map(([id, title]) => select(id, title, (one) => one.applicability.includes(id))),
    ...levels.map((id) => select(id, `Essential Eight ${id}`, (one) => one.e8Levels.includes(id))),
  ].filter((profile) => profile.controls.length > 0);
}

/** An id from a title: 'Information security manual' becomes 'information-security-manual'. */
export const slug = (title: string): string =>
  title
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+/, '')
    .slice(0, 60)
    .replace(/-+$/, '') || 'framework';
