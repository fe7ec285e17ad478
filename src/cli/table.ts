/** Rows as aligned columns, for people. Control characters of foreign text never reach the terminal. */
export function table(
  heads: readonly string[],
  rows: readonly (readonly (string | number | null)[])[],
): string[] {
  const cells = [heads, ...rows.map((row) => row.map((cell) => plain(cell === null ? '–' : String(cell))))];
  const widths = heads.map((_, column) => Math.max(...cells.map((row) => (row[column] ?? '').length)));
  return cells.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

/** One line, without control characters. */
export const plain = (text: string): string => text.replaceAll(/[\p{Cc}\p{Cf}]/gu, '\uFFFD');
