import { type Piece, wordDifference } from '#community/agreements';
import type { DocumentDiff } from './contract.ts';

type Block = DocumentDiff['blocks'][number];

/** What changed from one text to another: by paragraph and line, and word by word where one took another's place. */
export function compareTexts(before: string, after: string): Block[] {
  const a = blocksOf(before);
  const b = blocksOf(after);
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start++;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end])
    end++;
  const middle = difference(a.slice(start, a.length - end), b.slice(start, b.length - end));
  return [...a.slice(0, start).map(same), ...paired(middle), ...a.slice(a.length - end).map(same)];
}

/** Above this the table of the comparison would be too large: one text then stands after the other. */
const mostCells = 4_000_000;

function difference(a: readonly string[], b: readonly string[]): Piece[] {
  if (a.length * b.length > mostCells)
    return [...a.map((text) => piece('removed', text)), ...b.map((text) => piece('added', text))];
  const width = b.length + 1;
  const longest = new Uint16Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      longest[i * width + j] =
        a[i] === b[j]
          ? (longest[(i + 1) * width + j + 1] ?? 0) + 1
          : Math.max(longest[(i + 1) * width + j] ?? 0, longest[i * width + j + 1] ?? 0);
  const pieces: Piece[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      pieces.push(piece('same', a[i++] ?? ''));
      j++;
    } else if (
      j >= b.length ||
      (i < a.length && (longest[(i + 1) * width + j] ?? 0) >= (longest[i * width + j + 1] ?? 0))
    )
      pieces.push(piece('removed', a[i++] ?? ''));
    else pieces.push(piece('added', b[j++] ?? ''));
  }
  return pieces;
}

/** Lines that went and lines that came in their place are one changed line, word by word. */
function paired(pieces: readonly Piece[]): Block[] {
  const blocks: Block[] = [];
  for (let at = 0; at < pieces.length; ) {
    const gone = run(pieces, at, 'removed');
    const came = run(pieces, at + gone.length, 'added');
    if (gone.length === 0 && came.length === 0) {
      blocks.push(same(pieces[at]?.text ?? ''));
      at++;
      continue;
    }
    for (let index = 0; index < Math.max(gone.length, came.length); index++)
      blocks.push(changed(gone[index]?.text, came[index]?.text));
    at += gone.length + came.length;
  }
  return blocks;
}

function changed(before: string | undefined, after: string | undefined): Block {
  if (before === undefined) return { kind: 'added', pieces: [{ kind: 'added', text: after ?? '' }] };
  if (after === undefined) return { kind: 'removed', pieces: [{ kind: 'removed', text: before }] };
  return { kind: 'changed', pieces: wordDifference(before, after) };
}

const run = (pieces: readonly Piece[], at: number, kind: Piece['kind']): Piece[] => {
  const found: Piece[] = [];
  for (let index = at; pieces[index]?.kind === kind; index++) {
    const one = pieces[index];
    if (one !== undefined) found.push(one);
  }
  return found;
};
const piece = (kind: Piece['kind'], text: string): Piece => ({ kind, text });
const same = (text: string): Block => ({ kind: 'same', pieces: [{ kind: 'same', text }] });
const blocksOf = (text: string): string[] => text.replaceAll('\r\n', '\n').trimEnd().split('\n');
