/** The most that a cell of a spreadsheet holds. */
export const cellLimit = 32_767;
const cutNote = ' […cut: the spreadsheet holds no more of it]';

/** What a spreadsheet could take for a formula, with as many quotes as it has already. */
const formulaLike = /^'*[=+\-@\t\r]/;
const quotedFormula = /^'+[=+\-@\t\r]/;
/** What spreadsheets read as one character by its number. */
const escaped = /_x([0-9A-Fa-f]{4})_/g;
// Characters that XML 1.0 can't hold, and other controls.
const unwritable = /[^\P{Cc}\t\n\r]|\p{Cs}|[\ufffe\uffff]/gu;

/**
 * Somebody's words as a cell: never run as a formula, whatever opens the file or saves it as CSV, and the same words
 * again through `ownText`. Line ends are `\n`; what no spreadsheet can hold is left out.
 */
export function cellText(words: string): string {
  const clean = words.replaceAll(/\r\n?/g, '\n').replaceAll(unwritable, '');
  const guarded = formulaLike.test(clean) ? `'${clean}` : clean;
  const short =
    guarded.length > cellLimit ? `${guarded.slice(0, cellLimit - cutNote.length)}${cutNote}` : guarded;
  return short.replaceAll(escaped, '_x005F_x$1_');
}

/** The words that `cellText` wrote, or that a person typed. */
export function ownText(cell: string): string {
  const text = cell.replaceAll(/\r\n?/g, '\n');
  return quotedFormula.test(text) ? text.slice(1) : text;
}

/** Whether a cell was too long when it was written, so that it can't stand for the whole. */
export const wasCut = (cell: string): boolean => cell.endsWith(cutNote);
