export type Piece = { readonly kind: 'same' | 'removed' | 'added'; readonly text: string };

/** Above this many cells of the comparison's table, two texts are shown one after the other. */
const maxCells = 1_000_000;

/** What stayed, went and came, word by word. The pieces without what was added are `before`; without what went, `after`. */
export function wordDifference(before: string, after: string): Piece[] {
  const a = wordsOf(before);
  const b = wordsOf(after);
  if (a.length * b.length > maxCells)
    return [
      { kind: 'removed', text: before },
      { kind: 'added', text: after },
    ];
  const width = b.length + 1;
  const common = new Uint16Array((a.length + 1) * width);
  const at = (i: number, j: number): number => common[i * width + j] ?? 0;
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      common[i * width + j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  const pieces: { kind: Piece['kind']; text: string }[] = [];
  const add = (kind: Piece['kind'], text: string): void => {
    const last = pieces.at(-1);
    if (last?.kind === kind) last.text += text;
    else pieces.push({ kind, text });
  };
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    const [left, right] = [a[i], b[j]];
    if (left !== undefined && left === right) {
      add('same', left);
      i++;
      j++;
    } else if (left !== undefined && (right === undefined || at(i + 1, j) >= at(i, j + 1))) {
      add('removed', left);
      i++;
    } else {
      add('added', right ?? '');
      j++;
    }
  }
  return pieces;
}

const wordsOf = (text: string): string[] => text.match(/\s+|[^\s]+/g) ?? [];
