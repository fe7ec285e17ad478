import type { Ledger } from '#ledger';
import type { ContentChange, ContentKind, PackFile } from '#platform/content';
import { Conflict } from '#platform/errors';
import { leaveEverywhere, useEverywhere } from './activating.ts';
import { diffEditions } from './diff.ts';
import { readApart } from './read-apart.ts';
import { editionNamed, insertEdition } from './store.ts';

const isJson = (path: string): boolean => /\.json$/i.test(path);

/**
 * Of content packs, those with a catalogue in OSCAL, signed or not: `importEdition` makes editions by no other way.
 * INVARIANT: an edition is never forgotten: answers refer to it.
 */
export const catalogueKind = (deps: { readonly ledger: Pick<Ledger, 'record'> }): ContentKind => ({
  kind: 'catalogue',
  title: 'Frameworks of controls (OSCAL)',
  permission: 'governance.manage',
  keeps: isJson,
  recognises: (files) =>
    files.some(({ path, text }) => isJson(path) && /^\uFEFF?\s*\{\s*"catalog"\s*:/.test(text.slice(0, 200))),
  async read(files) {
    const read = await readApart('the pack', files);
    return {
      name: read.framework,
      version: read.version,
      facts: {
        controls: read.controls.filter(({ assessed }) => assessed).length,
        profiles: read.profiles.length,
      },
      faults: read.notes.map((why) => ({ file: 'catalogue', what: 'remark', why })),
      async save(tx, pack) {
        if ((await editionNamed(tx, pack.name, read.version)) !== undefined)
          throw new Conflict(
            `"${pack.name}" ${read.version} is there already, with other content. Give this one another name.`,
          );
        const { title, origin, oscalVersion, publishedAt, remark } = read;
        await insertEdition(
          tx,
          {
            title,
            origin,
            oscalVersion,
            publishedAt,
            remark,
            id: pack.id,
            framework: pack.name,
            version: read.version,
            own: pack.shipped,
            packId: pack.id,
            importedAt: pack.importedAt,
            importedBy: pack.importedBy,
          },
          read.controls,
          read.profiles,
        );
      },
    };
  },
  activated: (tx, activation) => useEverywhere(deps, tx, activation),
  deactivated: (tx, activation) => leaveEverywhere(deps, tx, activation),
  removed: async (_tx, { name, version }) => {
    throw new Conflict(`"${name}" ${version} stays: answers and reports may refer to its words.`);
  },
  diff: diffCatalogues,
});

async function diffCatalogues(
  before: readonly PackFile[],
  after: readonly PackFile[],
): Promise<ContentChange[]> {
  const { added, removed, changed } = diffEditions(
    (await readApart('before', before)).controls,
    (await readApart('after', after)).controls,
  );
  const short = (text: string): string => (text.length > 160 ? `${text.slice(0, 159)}…` : text);
  return [
    ...removed.map(
      ({ id, statement }): ContentChange => ({ change: 'removed', id, title: short(statement) }),
    ),
    ...added.map(({ id, statement }): ContentChange => ({ change: 'added', id, title: short(statement) })),
    ...changed.map(
      ({ id, after: { statement }, reworded, silently, applicability, e8Levels, moved }): ContentChange => ({
        change: 'changed',
        id,
        title: short(statement),
        why: [
          reworded && (silently ? 'reworded, and its revision does not say so' : 'reworded'),
          applicability && 'applicability',
          e8Levels && 'Essential Eight levels',
          moved && 'moved',
        ]
          .filter(Boolean)
          .join(', '),
      }),
    ),
  ];
}
