import type { PatternPart } from '../ast.ts';
import { Refusal } from '../faults.ts';
import { parsePattern } from './pattern.ts';

/** The values of `%name%` in Sigma's own notation (wildcards count), or undefined where nobody gave any. */
export type Placeholders = (name: string) => readonly string[] | undefined;

const mostForms = 10_000;

/** A value of an item with `expand`: a pattern for each combination of values. `\%` is a plain percent character. */
export function expandParts(text: string, placeholders: Placeholders): PatternPart[][] {
  return combine(text, placeholders).map((pieces) => pieces.flatMap((piece) => parsePattern(piece.text)));
}

/** The same for texts with a notation of their own: regexes get the values as literal text, networks as they are. */
export function expandText(text: string, placeholders: Placeholders, regex: boolean): string[] {
  return combine(text, placeholders).map((pieces) =>
    pieces.map((piece) => (piece.value && regex ? escapeRegex(piece.text) : piece.text)).join(''),
  );
}

type Piece = { readonly text: string; readonly value: boolean };

function combine(text: string, placeholders: Placeholders): Piece[][] {
  let forms: Piece[][] = [[]];
  const append = (pieces: readonly Piece[]): void => {
    if (forms.length * pieces.length > mostForms) {
      throw new Refusal('too-large', `The placeholders of one value make more than ${mostForms} forms.`);
    }
    forms = forms.flatMap((form) => pieces.map((piece) => [...form, piece]));
  };
  let from = 0;
  for (const found of text.matchAll(/(?<!\\)%([^%\\\s]+)%/g)) {
    const name = found[1] ?? '';
    append([{ text: plainPercent(text.slice(from, found.index)), value: false }]);
    const values = placeholders(name);
    if (!values) {
      throw new Refusal(
        'placeholder',
        `No values are given for the placeholder '%${name}%', so the rule must be rejected.`,
      );
    }
    if (values.length === 0)
      throw new Refusal('placeholder', `The placeholder '%${name}%' has an empty list of values.`);
    append(values.map((value) => ({ text: value, value: true })));
    from = found.index + found[0].length;
  }
  append([{ text: plainPercent(text.slice(from)), value: false }]);
  return forms;
}

function plainPercent(text: string): string {
  return text.replaceAll('\\%', '%');
}

function escapeRegex(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
