import type { Catalog, Metadata, Profile } from '../generated/types.ts';
import { maybe, maybeList } from '../members.ts';
import { writtenVersion } from '../read/models.ts';
import { isKept } from './select.ts';

/**
 * The metadata of a resolved catalogue: the profile's people and words, the time and tool of the resolution, and a link
 * to the profile. The profile's other links (its canonical place, its predecessors) are of the profile and stay there.
 */
export function metadataOf(
  name: string,
  profile: Profile,
  catalogs: readonly Catalog[],
  { now, source }: { now: Date; source?: string },
): Metadata {
  const { metadata } = profile;
  const roles = uniqueBy(
    [...(metadata.roles ?? []), ...catalogs.flatMap((each) => (each.metadata.roles ?? []).filter(isKept))],
    ({ id }) => id,
  );
  const parties = uniqueBy(
    [
      ...(metadata.parties ?? []),
      ...catalogs.flatMap((each) => (each.metadata.parties ?? []).filter(isKept)),
    ],
    ({ uuid }) => uuid,
  );
  return {
    title: metadata.title,
    'last-modified': now.toISOString(),
    version: metadata.version,
    'oscal-version': writtenVersion,
    props: [...(metadata.props ?? []), { name: 'resolution-tool', value: 'Ironbark' }],
    links: [{ href: source ?? canonicalOf(profile) ?? encodeURI(name), rel: 'source-profile' }],
    ...maybeList('roles', roles),
    ...maybeList('locations', metadata.locations),
    ...maybeList('parties', parties),
    ...maybeList('responsible-parties', metadata['responsible-parties']),
    ...maybe('remarks', metadata.remarks),
  };
}

/** Where the profile says it is published. */
function canonicalOf(profile: Profile): string | undefined {
  const link = profile.metadata.links?.find(({ rel }) => rel === 'canonical');
  if (link === undefined) return undefined;
  if (!link.href.startsWith('#')) return link.href;
  const resource = profile['back-matter']?.resources?.find(({ uuid }) => `#${uuid}` === link.href);
  return resource?.rlinks?.[0]?.href;
}

function uniqueBy<T>(items: readonly T[], keyOf: (item: T) => string): readonly T[] {
  const seen = new Set<string>();
  return items.filter((item) => !seen.has(keyOf(item)) && seen.add(keyOf(item)));
}
