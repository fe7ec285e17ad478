import type { Profile } from '../generated/types.ts';
import type { OscalDocument } from '../read/models.ts';

/** A document with the name it is known by: its path, or where it came from. */
export type NamedDocument = { name: string; document: OscalDocument };

/** What an import points to: every place that is said to hold it, and the file itself where it is embedded. */
export type Reference = { href: string; hrefs: readonly string[]; title?: string; embedded?: string };

/** Gives the document of a reference from what is at hand. Nothing is ever fetched. */
export type Find = (reference: Reference) => NamedDocument | undefined;

/** What a profile's import points to; undefined when it points to a resource that is not there. */
export function referenceOf(profile: Profile, href: string): Reference | undefined {
  if (!href.startsWith('#')) return { href, hrefs: [href] };
  const uuid = href.slice(1).toLowerCase();
  const resource = profile['back-matter']?.resources?.find((each) => each.uuid.toLowerCase() === uuid);
  if (resource === undefined) return undefined;
  const rlinks = resource.rlinks ?? [];
  const isJson = (link: (typeof rlinks)[number]): boolean =>
    /json/i.test(link['media-type'] ?? '') || /\.json$/i.test(link.href);
  return {
    href,
    hrefs: [...rlinks.filter(isJson), ...rlinks.filter((link) => !isJson(link))].map((link) => link.href),
    ...(resource.title === undefined ? {} : { title: resource.title }),
    ...(resource.base64 === undefined ? {} : { embedded: resource.base64.value }),
  };
}

/**
 * Finds references among files at hand: by the whole name, by the file's name, by that name without its ending (a
 * publisher's .xml is the .json beside it), by the title in back matter; and, of one catalogue alone, that one, because
 * whoever gives it means it (`loneFits`).
 */
export function findAmong(files: readonly NamedDocument[], loneFits = true): Find {
  return ({ hrefs, title }) => {
    for (const sameAs of [whole, fileName, stem]) {
      for (const href of hrefs) {
        const found = files.find((file) => sameAs(file.name) === sameAs(href));
        if (found !== undefined) return found;
      }
    }
    const titled = files.filter(({ document }) => document.value.metadata.title === title);
    if (titled.length === 1) return titled[0];
    const [lone] = files;
    return loneFits && files.length === 1 && lone?.document.model === 'catalog' ? lone : undefined;
  };
}

const whole = (name: string): string => name;
const fileName = (name: string): string =>
  name
    .replace(/[?#].*$/s, '')
    .split(/[/\\]/)
    .at(-1) ?? name;
const stem = (name: string): string => fileName(name).replace(/\.(json|xml|ya?ml)$/i, '');
