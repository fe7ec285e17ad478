import type { Actor } from '#identity';
import type { AssetDeps } from './deps.ts';
import { AmbiguousAsset } from './errors.ts';
import { NotFound } from '#platform/errors';
import { resolve } from './store.ts';

/** The one asset an id, name or key stands for: what people type. @throws {NotFound} {AmbiguousAsset} */
export function findAsset(deps: AssetDeps, actor: Actor, text: string): Promise<{ id: string }> {
  const { scope } = actor;
  return deps.records.transaction(scope, async (tx) => {
    const [first, ...others] = await resolve(tx, scope, text);
    if (first === undefined) throw new NotFound('asset', text.slice(0, 200));
    if (others.length > 0) throw new AmbiguousAsset(text.slice(0, 200), [first, ...others]);
    return { id: first };
  });
}
