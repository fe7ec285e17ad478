import type { Actor } from '#identity';
import { mustFind } from './assets.ts';
import type { MergePreview } from './contract.ts';
import type { AssetDeps } from './deps.ts';
import { fieldNames } from './fields.ts';
import { exclusiveKinds, type Key, keyText } from './keys.ts';
import { whyNotOne } from './merging.ts';
import { dependencies, reaches } from './store-edges.ts';
import { keysOfAssets, observations, partsOf } from './store.ts';
import { surviving, words } from './survive.ts';

/** What a merge would make of the two: the same rules over the words of both, and nothing is written. @throws {NotFound} */
export function previewMerge(
  deps: AssetDeps,
  actor: Actor,
  id: string,
  other: string,
): Promise<MergePreview> {
  const { scope } = actor;
  return deps.records.transaction(scope, async (tx) => {
    const kept = await mustFind(tx, scope, id);
    const absorbed = await mustFind(tx, scope, other);
    const known = async (root: string) => {
      const parts = (await partsOf(tx, scope, root)).map((part) => part.id);
      return { said: await observations(tx, parts), keys: await keysOfAssets(tx, parts) };
    };
    const [ours, theirs] = [await known(kept.id), await known(absorbed.id)];
    const [before, beside] = [surviving(ours.said), surviving(theirs.said)];
    const all = [...ours.said, ...theirs.said];
    const own = new Set(ours.keys.map(keyText));
    const edges = (await dependencies(tx, scope, [absorbed.id])).filter(
      (one) => one.dependant !== kept.id && one.dependency !== kept.id,
    );
    const end = ({ id: at, name, kind, tenancy }: typeof kept) => ({ id: at, name, kind, tenancy });
    return {
      kept: end(kept),
      other: end(absorbed),
      refused: whyNotOne(kept, absorbed) ?? null,
      contradictions: contradictions(ours.keys, theirs.keys),
      fields: fieldNames.flatMap((name) => {
        const [first] = words(all, name);
        if (first === undefined || before[name] === beside[name]) return [];
        return [
          {
            name,
            kept: before[name] ?? null,
            other: beside[name] ?? null,
            after: first.value,
            source: first.source,
          },
        ];
      }),
      brings: {
        keys: [...new Set(theirs.keys.map(keyText))].filter((key) => !own.has(key)).sort(),
        sources: [...new Set(theirs.said.map(({ source }) => source))].sort(),
        dependencies: edges.filter(({ dependant }) => dependant === absorbed.id).length,
        dependants: edges.filter(({ dependency }) => dependency === absorbed.id).length,
        reach: (await reaches(tx, scope, [absorbed.id])).length,
      },
    };
  });
}

/** Of each exclusive kind that both have, the first pair, where they share no value of it. */
function contradictions(ours: readonly Key[], theirs: readonly Key[]): MergePreview['contradictions'] {
  return [...exclusiveKinds].flatMap((kind) => {
    const mine = ours.filter((key) => key.kind === kind);
    const others = theirs.filter((key) => key.kind === kind);
    const [first, second] = [mine[0], others[0]];
    if (first === undefined || second === undefined) return [];
    if (mine.some(({ value }) => others.some((one) => one.value === value))) return [];
    return [{ kept: keyText(first), other: keyText(second) }];
  });
}
