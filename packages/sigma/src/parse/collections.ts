import type { Raw } from './metadata.ts';
import { isRecord } from './metadata.ts';

/**
 * Rule collections: `action: global` is merged into every document after it, `reset` ends that, `repeat` is the
 * document before with changes. A collection never reaches beyond its file.
 */
export function resolveActions<T extends { readonly value: unknown }>(
  documents: readonly T[],
): { source: T; value: unknown; badAction?: string }[] {
  const resolved: { source: T; value: unknown; badAction?: string }[] = [];
  let shared: Raw = {};
  let previous: Raw = {};
  for (const source of documents) {
    if (!isRecord(source.value)) {
      resolved.push({ source, value: source.value });
      continue;
    }
    const { action, ...document } = source.value;
    if (action === undefined) {
      previous = merged(document, shared);
      resolved.push({ source, value: previous });
    } else if (action === 'global') shared = document;
    else if (action === 'reset') shared = {};
    else if (action === 'repeat') {
      previous = merged(previous, document);
      resolved.push({ source, value: previous });
    } else resolved.push({ source, value: document, badAction: JSON.stringify(action) });
  }
  return resolved;
}

/** Maps are merged, anything else is replaced by what `over` says. */
function merged(base: Raw, over: Raw): Raw {
  const result: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const old = result[key];
    result[key] = isRecord(value) && isRecord(old) ? merged(old, value) : value;
  }
  return result;
}
