import { exclusiveKinds, type Key, type KeyKind, keyText, strongKinds } from './keys.ts';

/** Who holds which keys; grows while a file is read. */
export type KeyIndex = {
  holders(key: Key): ReadonlySet<string>;
  of(asset: string): readonly Key[];
  add(asset: string, keys: readonly Key[]): void;
};

export function keyIndex(): KeyIndex {
  const byKey = new Map<string, Set<string>>();
  const byAsset = new Map<string, Map<string, Key>>();
  const nobody: ReadonlySet<string> = new Set();
  return {
    holders: (key) => byKey.get(keyText(key)) ?? nobody,
    of: (asset) => [...(byAsset.get(asset)?.values() ?? [])],
    add(asset, keys) {
      const own = byAsset.get(asset) ?? new Map<string, Key>();
      byAsset.set(asset, own);
      for (const key of keys) {
        const text = keyText(key);
        own.set(text, key);
        const holders = byKey.get(text);
        if (holders === undefined) byKey.set(text, new Set([asset]));
        else holders.add(asset);
      }
    },
  };
}

/** Another asset that shares a key, and why the two were kept apart or may be one. */
export type Alike = {
  readonly asset: string;
  readonly by: Key;
  readonly apart: readonly [Key, Key] | undefined;
};

export type Match =
  | { readonly kind: 'new'; readonly alike: readonly Alike[] }
  | { readonly kind: 'same'; readonly asset: string; readonly by: Key; readonly alike: readonly Alike[] }
  | { readonly kind: 'ambiguous'; readonly assets: readonly string[]; readonly why: string };

const weakLevels: readonly KeyKind[] = ['register', 'fqdn', 'mac', 'hostname', 'name'];

/**
 * Which asset a row is about. A strong key decides; without one, the weaker ones in their order, unless the asset they lead to
 * has another value of an exclusive kind: then it is another asset.
 * INVARIANT: keys that contradict each other never merge.
 */
export function match(keys: readonly Key[], index: KeyIndex): Match {
  const strong = keys.filter(({ kind }) => strongKinds.has(kind));
  const hit = new Map<string, Key>();
  for (const key of strong) for (const asset of index.holders(key)) if (!hit.has(asset)) hit.set(asset, key);
  if (hit.size > 1)
    return {
      kind: 'ambiguous',
      assets: [...hit.keys()].sort(),
      why: `Its keys belong to ${hit.size} assets: ${[...hit.values()].map(keyText).sort().join(', ')}. Merge them if they are one.`,
    };
  const [found] = hit;
  if (found !== undefined) {
    const [asset, by] = found;
    const against = contradiction(keys, index.of(asset), strongKinds);
    if (against !== undefined)
      return {
        kind: 'ambiguous',
        assets: [asset],
        why: `It has ${keyText(by)} of a known asset, but ${keyText(against[0])} where that has ${keyText(against[1])}. Is it a copy?`,
      };
    return { kind: 'same', asset, by, alike: alikeOf(keys, index, asset) };
  }
  for (const level of weakLevels) {
    const free = new Map<string, Key>();
    for (const key of keys)
      if (key.kind === level)
        for (const asset of index.holders(key))
          if (contradiction(keys, index.of(asset), exclusiveKinds) === undefined) free.set(asset, key);
    const [first] = free;
    if (first === undefined) continue;
    if (free.size > 1)
      return {
        kind: 'ambiguous',
        assets: [...free.keys()].sort(),
        why: `${keyText(first[1])} belongs to ${free.size} assets, and nothing else tells which. Give a machine id, serial or domain.`,
      };
    return { kind: 'same', asset: first[0], by: first[1], alike: alikeOf(keys, index, first[0]) };
  }
  return { kind: 'new', alike: alikeOf(keys, index, undefined) };
}

/** Two values of one exclusive kind, the row's first. */
function contradiction(
  keys: readonly Key[],
  known: readonly Key[],
  kinds: ReadonlySet<KeyKind>,
): readonly [Key, Key] | undefined {
  for (const key of keys) {
    if (!kinds.has(key.kind)) continue;
    const other = known.filter(({ kind }) => kind === key.kind);
    const [first] = other;
    if (first !== undefined && !other.some(({ value }) => value === key.value)) return [key, first];
  }
  return undefined;
}

function alikeOf(keys: readonly Key[], index: KeyIndex, self: string | undefined): Alike[] {
  const found = new Map<string, Alike>();
  for (const key of keys)
    for (const asset of index.holders(key))
      if (asset !== self && !found.has(asset) && found.size < 5)
        found.set(asset, { asset, by: key, apart: contradiction(keys, index.of(asset), exclusiveKinds) });
  return [...found.values()];
}
