/**
 * A small terminal: takes what a program wrote, holds what its screen shows. It knows what shells, editors and pagers
 * send; what it does not know it leaves out. No markup, no script, no WebAssembly: the page's policy stays as it is.
 */
export type Cell = { readonly text: string; readonly style: string };
export type Terminal = {
  readonly columns: number;
  readonly rows: number;
  readonly cursor: { readonly row: number; readonly column: number };
  write(text: string): void;
  resize(columns: number, rows: number): void;
  /** Row by row, runs of one style joined. */
  lines(): readonly (readonly Cell[])[];
};

type Screen = { cells: { text: string; style: string }[][]; row: number; column: number };
const blank = { text: ' ', style: '' };
const maxSide = 1000;
const clamp = (value: number, low: number, high: number): number => Math.min(Math.max(value, low), high);

export function createTerminal(wantedColumns: number, wantedRows: number): Terminal {
  let columns = clamp(wantedColumns, 1, maxSide);
  let rows = clamp(wantedRows, 1, maxSide);
  const emptyRow = () => Array.from({ length: columns }, () => blank);
  const emptyScreen = (): Screen => ({ cells: Array.from({ length: rows }, emptyRow), row: 0, column: 0 });
  let screen = emptyScreen();
  let other: Screen | undefined;
  let saved = { row: 0, column: 0 };
  let region = { top: 0, bottom: rows - 1 };
  let style = { fg: '', bg: '', bold: false, inverse: false };
  let styleName = '';
  let rest = '';

  const scroll = (count: number): void => {
    for (let times = Math.min(Math.abs(count), rows); times > 0; times--) {
      const [at, into] = count > 0 ? [region.top, region.bottom] : [region.bottom, region.top];
      screen.cells.splice(at, 1);
      screen.cells.splice(into, 0, emptyRow());
    }
  };
  const lineFeed = (): void => {
    if (screen.row === region.bottom) scroll(1);
    else if (screen.row < rows - 1) screen.row++;
  };
  const put = (character: string): void => {
    if (screen.column >= columns) {
      screen.column = 0;
      lineFeed();
    }
    const line = screen.cells[screen.row];
    if (line !== undefined) line[screen.column] = { text: character, style: styleName };
    screen.column++;
  };
  const erase = (row: number, from: number, to: number): void => {
    const line = screen.cells[row];
    if (line !== undefined) for (let at = Math.max(from, 0); at <= to && at < columns; at++) line[at] = blank;
  };
  const move = (row: number, column: number): void => {
    screen.row = clamp(row, 0, rows - 1);
    screen.column = clamp(column, 0, columns - 1);
  };
  const eraseDisplay = (mode: number): void => {
    const { row, column } = screen;
    const [from, to] = mode === 0 ? [row + 1, rows - 1] : mode === 1 ? [0, row - 1] : [0, rows - 1];
    for (let at = from; at <= to; at++) erase(at, 0, columns);
    if (mode === 0) erase(row, column, columns);
    if (mode === 1) erase(row, 0, column);
  };
  const lines = (count: number, insert: boolean): void => {
    for (let times = Math.min(count, rows); times > 0; times--) {
      screen.cells.splice(insert ? region.bottom : screen.row, 1);
      screen.cells.splice(insert ? screen.row : region.bottom, 0, emptyRow());
    }
  };
  const characters = (count: number, insert: boolean): void => {
    const line = screen.cells[screen.row];
    if (line === undefined) return;
    for (let times = Math.min(count, columns); times > 0; times--) {
      line.splice(insert ? columns - 1 : screen.column, 1);
      line.splice(insert ? screen.column : columns - 1, 0, blank);
    }
  };
  const setStyle = (codes: readonly number[]): void => {
    for (let at = 0; at < codes.length; at++) {
      const code = codes[at] ?? 0;
      if (code === 0) style = { fg: '', bg: '', bold: false, inverse: false };
      else if (code === 1) style.bold = true;
      else if (code === 22) style.bold = false;
      else if (code === 7) style.inverse = true;
      else if (code === 27) style.inverse = false;
      else if ((code >= 30 && code <= 37) || (code >= 90 && code <= 97)) style.fg = `f${code % 10}`;
      else if (code === 39) style.fg = '';
      else if ((code >= 40 && code <= 47) || (code >= 100 && code <= 107)) style.bg = `b${code % 10}`;
      else if (code === 49) style.bg = '';
      // Colours beyond the sixteen keep the text's own.
      else if (code === 38 || code === 48) at += codes[at + 1] === 5 ? 2 : 4;
    }
    styleName = [style.fg, style.bg, style.bold && 'bold', style.inverse && 'inverse']
      .filter(Boolean)
      .join(' ');
  };
  const setMode = (mode: string, on: boolean): void => {
    if (mode !== '1049' && mode !== '47' && mode !== '1047') return;
    if (on && other === undefined) {
      other = screen;
      screen = emptyScreen();
    } else if (!on && other !== undefined) {
      screen = other;
      other = undefined;
    }
  };
  const control = (parameters: string, final: string): void => {
    if (parameters.startsWith('?')) {
      if (final === 'h' || final === 'l')
        for (const mode of parameters.slice(1).split(';')) setMode(mode, final === 'h');
      return;
    }
    const numbers = parameters.split(';').map((text) => Number.parseInt(text, 10) || 0);
    const [first = 0, second = 0] = numbers;
    const count = Math.max(first, 1);
    const { row, column } = screen;
    if (final === 'm') setStyle(numbers);
    else if (final === 'A') move(row - count, column);
    else if (final === 'B' || final === 'e') move(row + count, column);
    else if (final === 'C' || final === 'a') move(row, column + count);
    else if (final === 'D') move(row, column - count);
    else if (final === 'E') move(row + count, 0);
    else if (final === 'F') move(row - count, 0);
    else if (final === 'G' || final === '`') move(row, count - 1);
    else if (final === 'd') move(count - 1, column);
    else if (final === 'H' || final === 'f') move(count - 1, Math.max(second, 1) - 1);
    else if (final === 'J') eraseDisplay(first);
    else if (final === 'K') erase(row, first === 0 ? column : 0, first === 1 ? column : columns);
    else if (final === 'X') erase(row, column, column + count - 1);
    else if (final === 'L' || final === 'M') lines(count, final === 'L');
    else if (final === '@' || final === 'P') characters(count, final === '@');
    else if (final === 'S') scroll(count);
    else if (final === 'T') scroll(-count);
    else if (final === 's') saved = { row, column };
    else if (final === 'u') move(saved.row, saved.column);
    else if (final === 'r') {
      const top = clamp(count - 1, 0, rows - 1);
      const bottom = clamp((second || rows) - 1, 0, rows - 1);
      region = top < bottom ? { top, bottom } : { top: 0, bottom: rows - 1 };
      move(0, 0);
    }
  };
  const single = (character: string): void => {
    const { column } = screen;
    if (character === '\r') screen.column = 0;
    else if (character === '\n' || character === '\u000b' || character === '\f') lineFeed();
    else if (character === '\b') screen.column = Math.max(0, Math.min(column, columns) - 1);
    else if (character === '\t') screen.column = Math.min(columns - 1, (Math.floor(column / 8) + 1) * 8);
    else if (character >= ' ' && character !== '\u007f') put(character);
  };

  return {
    get columns() {
      return columns;
    },
    get rows() {
      return rows;
    },
    get cursor() {
      return { row: screen.row, column: Math.min(screen.column, columns - 1) };
    },
    write(text) {
      let left = rest + text;
      rest = '';
      while (left !== '') {
        if (left[0] !== '\u001b') {
          const character = String.fromCodePoint(left.codePointAt(0) ?? 32);
          single(character);
          left = left.slice(character.length);
          continue;
        }
        const length = escapeLength(left);
        if (length === 0) {
          // The rest of it is in the next piece; what has no end is given up.
          rest = left.length < 4096 ? left : '';
          return;
        }
        const sequence = left.slice(0, length);
        left = left.slice(length);
        if (sequence[1] === '[') control(sequence.slice(2, -1), sequence.at(-1) ?? '');
        else if (sequence[1] === '7') saved = { row: screen.row, column: screen.column };
        else if (sequence[1] === '8') move(saved.row, saved.column);
        else if (sequence[1] === 'D') lineFeed();
        else if (sequence[1] === 'M') {
          if (screen.row === region.top) scroll(-1);
          else move(screen.row - 1, screen.column);
        } else if (sequence[1] === 'c') screen = emptyScreen();
      }
    },
    resize(newColumns, newRows) {
      columns = clamp(newColumns, 1, maxSide);
      rows = clamp(newRows, 1, maxSide);
      region = { top: 0, bottom: rows - 1 };
      for (const one of other === undefined ? [screen] : [screen, other]) {
        // What does not fit any more goes from the top, as in a terminal that is made smaller.
        one.cells = one.cells.slice(Math.max(0, one.row - rows + 1));
        one.cells = Array.from({ length: rows }, (_, row) =>
          Array.from({ length: columns }, (__, column) => one.cells[row]?.[column] ?? blank),
        );
        one.row = clamp(one.row, 0, rows - 1);
        one.column = clamp(one.column, 0, columns - 1);
      }
    },
    lines: () =>
      screen.cells.map((line) => {
        const runs: { text: string; style: string }[] = [];
        for (const { text, style: of } of line) {
          const last = runs.at(-1);
          if (last?.style === of) last.text += text;
          else runs.push({ text, style: of });
        }
        return runs;
      }),
  };
}

/** How long the escape sequence at the front is; 0 when its end is not there yet. */
function escapeLength(text: string): number {
  const kind = text[1];
  if (kind === undefined) return 0;
  if (kind === '[') {
    for (let at = 2; at < text.length; at++) {
      const character = text[at] ?? '';
      if (character >= '@' && character <= '~') return at + 1;
    }
    return 0;
  }
  // Texts for the window's title and such: up to their end, never shown.
  if (kind === ']' || kind === 'P' || kind === '_' || kind === '^' || kind === 'X') {
    for (let at = 2; at < text.length; at++) {
      if (text[at] === '\u0007') return at + 1;
      if (text[at] === '\u001b' && text[at + 1] === '\\') return at + 2;
    }
    return 0;
  }
  if (kind === '(' || kind === ')' || kind === '#' || kind === ' ') return text.length > 2 ? 3 : 0;
  return 2;
}
