import type { BackMatter, Catalog, Parameter, Profile } from '../generated/types.ts';
import type { Merged } from './merge.ts';
import { forEachControl, forEachGroup, isKept } from './select.ts';

type Resource = NonNullable<BackMatter['resources']>[number];
type Content = Pick<Catalog, 'params' | 'controls' | 'groups'>;

const uuidReference = /#([0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12})/g;
const insertion = /\{\{\s*(?:insert:\s*param(?:eter)?\s*,\s*)?([\p{L}_][\p{L}\p{N}.\-_]{0,200})\s*\}\}/gu;

/**
 * The resources that the content points to, or that say `keep` `always`, in the order of the sources. Of two with one
 * uuid the later one counts, unless the earlier says `keep`. @see OSCAL profile resolution, back matter
 */
export function backMatterOf(
  sources: readonly (Catalog | Profile)[],
  content: Content,
): BackMatter | undefined {
  const resources = new Map<string, Resource>();
  for (const resource of sources.flatMap((source) => source['back-matter']?.resources ?? [])) {
    const key = resource.uuid.toLowerCase();
    const before = resources.get(key);
    if (before === undefined || !isKept(before) || isKept(resource)) resources.set(key, resource);
  }
  const wanted = reached(
    [content, ...[...resources.values()].filter(isKept)],
    uuidsIn,
    // A resource that is wanted may point to another.
    (uuid) => resources.get(uuid),
  );
  const kept = Array.from(resources).flatMap(([key, resource]) =>
    wanted.has(key) || isKept(resource) ? [resource] : [],
  );
  return kept.length === 0 ? undefined : { resources: kept };
}

/** Parameters that stand in no control, as far as a text of the result is about them, or they say `keep` `always`. */
export function prunedParams(merged: Merged): readonly Parameter[] {
  const loose = new Map(merged.params.map((param) => [param.id, param]));
  const from = [merged.controls, merged.groups, ...merged.params.filter(isKept)];
  const wanted = reached(from, insertedIn, (id) => loose.get(id));
  // One import may bring the control whose parameter came loose from another.
  const held = new Set<string>();
  forEachControl(merged, (control) => control.params?.forEach(({ id }) => held.add(id)));
  forEachGroup(merged.groups, (group) => group.params?.forEach(({ id }) => held.add(id)));
  return merged.params.filter((param) => !held.has(param.id) && (wanted.has(param.id) || isKept(param)));
}

/** Everything that is named from somewhere, and from what that names, and so on. */
function reached(
  from: readonly unknown[],
  namesIn: (value: unknown) => Iterable<string>,
  named: (name: string) => unknown,
): ReadonlySet<string> {
  const seen = new Set<string>();
  const queue = [...from];
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    for (const name of namesIn(next)) {
      if (seen.has(name)) continue;
      seen.add(name);
      const more = named(name);
      if (more !== undefined) queue.push(more);
    }
  }
  return seen;
}

function* uuidsIn(value: unknown): Generator<string> {
  for (const text of stringsIn(value)) {
    if (!text.includes('#')) continue;
    for (const [, uuid = ''] of text.matchAll(uuidReference)) yield uuid.toLowerCase();
  }
}

function* insertedIn(value: unknown): Generator<string> {
  for (const text of stringsIn(value)) {
    if (!text.includes('{{')) continue;
    for (const [, id = ''] of text.matchAll(insertion)) yield id;
  }
}

/** Every text of a value, at any depth. */
export function stringsIn(value: unknown): readonly string[] {
  const found: string[] = [];
  const stack = [value];
  while (stack.length > 0) {
    const next = stack.pop();
    if (typeof next === 'string') found.push(next);
    else if (typeof next === 'object' && next !== null)
      for (const inner of Object.values(next)) stack.push(inner);
  }
  return found;
}
