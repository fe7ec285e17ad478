/** A piece of a text as it was and is: the same in both, only in the old, only in the new. */
export type WordChange = { kind: 'same' | 'removed' | 'added'; text: string };

// The table of the longest common subsequence has a cell for each pair of words.
const maxCells = 4_000_000;

/** Compares two texts word by word; the pieces of `same` and `removed` are the old text, of `same` and `added` the new. */
export function diffWords(before: string, after: string): readonly WordChange[] {
  const from = tokensOf(before);
  const to = tokensOf(after);
  let start = 0;
  while (start < from.length && start < to.length && from[start] === to[start]) start++;
  let end = 0;
  while (end < from.length - start && end < to.length - start && from.at(-1 - end) === to.at(-1 - end)) end++;
  const changes: WordChange[] = [];
  push(changes, 'same', from.slice(0, start));
  for (const [kind, token] of middle(from.slice(start, from.length - end), to.slice(start, to.length - end)))
    push(changes, kind, [token]);
  push(changes, 'same', from.slice(from.length - end));
  return changes;
}

/** Words and marks, each with the space after it. */
const tokensOf = (text: string): readonly string[] =>
  text.match(/^\s+|(?:[\p{L}\p{N}]+|[^\p{L}\p{N}\s])\s*/gu) ?? [];

function push(changes: WordChange[], kind: WordChange['kind'], tokens: readonly string[]): void {
  if (tokens.length === 0) return;
  const last = changes.at(-1);
  if (last?.kind === kind) last.text += tokens.join('');
  else changes.push({ kind, text: tokens.join('') });
}

type Step = readonly [WordChange['kind'], string];

function middle(from: readonly string[], to: readonly string[]): readonly Step[] {
  const replaced = (): readonly Step[] => [
    ...from.map((token): Step => ['removed', token]),
    ...to.map((token): Step => ['added', token]),
  ];
  if (from.length === 0 || to.length === 0 || from.length * to.length > maxCells) return replaced();
  const width = to.length + 1;
  const common = new Uint32Array((from.length + 1) * width);
  for (let i = from.length - 1; i >= 0; i--)
    for (let j = to.length - 1; j >= 0; j--)
      common[i * width + j] =
        from[i] === to[j]
          ? (common[(i + 1) * width + j + 1] ?? 0) + 1
          : Math.max(common[(i + 1) * width + j] ?? 0, common[i * width + j + 1] ?? 0);
  const steps: Step[] = [];
  let i = 0;
  let j = 0;
  while (i < from.length || j < to.length) {
    const [old, now] = [from[i], to[j]];
    if (old !== undefined && old === now) {
      steps.push(['same', old]);
      i++;
      j++;
    } else if (
      old !== undefined &&
      (now === undefined || (common[(i + 1) * width + j] ?? 0) >= (common[i * width + j + 1] ?? 0))
    ) {
      steps.push(['removed', old]);
      i++;
    } else if (now !== undefined) {
      steps.push(['added', now]);
      j++;
    }
  }
  return steps;
}
