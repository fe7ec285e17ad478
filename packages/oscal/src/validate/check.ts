import { capped, defaultLimits, type Fault } from '../fault.ts';
import type { OscalDocument } from '../read/models.ts';
import type { Find } from '../resolve/find.ts';
import { resolveProfile } from '../resolve/resolve.ts';
import { identitiesOf } from './identity.ts';
import { importFaults, writtenAgainst } from './imports.ts';
import { referenceFaults } from './references.ts';

export type Checking = {
  /** Gives documents that are at hand; without it a document is held to itself alone. */
  find?: Find;
  /** What the document is known by, to see it in a circle of imports. */
  name?: string;
  /** Every import must be at hand. */
  complete?: boolean;
  maxFaults?: number;
};

/**
 * What a schema can't say: ids and uuids are there once, links and references lead somewhere, imports are at hand and
 * go in no circle, and ids of controls and of their statements are those of the resolved profile as far as it is at hand.
 */
export function checkDocument(document: OscalDocument, checking: Checking = {}): readonly Fault[] {
  const { find = () => undefined, name = document.value.metadata.title, complete = false } = checking;
  const known = identitiesOf(document);
  const imports = importFaults({ name, document }, find, complete);
  // A profile's own control ids are checked by resolving it; every other document's against what it is written for.
  const atHand =
    document.model === 'profile' || document.model === 'catalog' ? undefined : writtenAgainst(document, find);
  const faults = [
    ...known.faults,
    ...imports,
    ...referenceFaults(document, known, atHand),
    ...(document.model === 'profile' && imports.length === 0 ? profileFaults(document, name, find) : []),
  ];
  // An import's own link is a link too: it is said once.
  const seen = new Set<string>();
  const once = faults.filter(({ where, code }) => {
    const key = `${where} ${code === 'unresolved-link' ? 'unresolved-import' : code}`;
    return !seen.has(key) && seen.add(key);
  });
  return capped(once, checking.maxFaults ?? defaultLimits.maxFaults);
}

/** What the profile asks for and does not get; nothing where what it imports is not at hand. */
function profileFaults(
  document: OscalDocument & { model: 'profile' },
  name: string,
  find: Find,
): readonly Fault[] {
  const resolved = resolveProfile(name, document.value, {
    find,
    uuid: document.value.uuid,
    now: new Date(0),
  });
  if (resolved.ok) return resolved.notes;
  return resolved.faults.filter(({ code }) => code !== 'unresolved-import');
}
