import type { Catalog } from '../generated/types.ts';

/** A piece of a catalogue that prose points to: `[text](#uuid)` with the resource of that uuid. */
export type ProseLink = { text: string; uuid: string; title?: string; href?: string };

// A label holds no bracket and no link holds a space, so the scan is linear in the prose.
const markdownLink = /\[([^[\]]{0,2000})\]\(#([0-9A-Fa-f-]{36})\)/g;

/** The resources of back matter by uuid in lower case, first one wins. */
export function resourcesOf(
  catalog: Pick<Catalog, 'back-matter'>,
): ReadonlyMap<string, { title?: string; href?: string }> {
  const found = new Map<string, { title?: string; href?: string }>();
  for (const resource of catalog['back-matter']?.resources ?? []) {
    const key = resource.uuid.toLowerCase();
    if (found.has(key)) continue;
    const href = resource.rlinks?.[0]?.href;
    found.set(key, {
      ...(resource.title === undefined ? {} : { title: resource.title }),
      ...(href === undefined ? {} : { href }),
    });
  }
  return found;
}

/** The links of a text to back matter, in order; one whose resource is not there has neither title nor href. */
export function linksIn(
  prose: string,
  resources: ReadonlyMap<string, { title?: string; href?: string }>,
): readonly ProseLink[] {
  return Array.from(prose.matchAll(markdownLink), ([, text = '', uuid = '']) => ({
    text,
    uuid,
    ...resources.get(uuid.toLowerCase()),
  }));
}
