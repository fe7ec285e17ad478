import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);
const folderOf = (family: string): string =>
  join(dirname(require.resolve(`@fontsource/${family}/package.json`)), 'files');
const folders = { inter: folderOf('inter'), 'jetbrains-mono': folderOf('jetbrains-mono') } as const;

export type FontWeight = '400' | '600';

/** @param subset from `runsOf` */
export const fontFile = (family: keyof typeof folders, subset: string, weight: FontWeight): string =>
  join(folders[family], `${family}-${subset}-${weight}-normal.woff`);

/** The fonts come in parts by script; a name may need several. */
function subsetOf(point: number): string | undefined {
  if (point < 0x100 || (point >= 0x2000 && point <= 0x206f) || point === 0x20ac) return 'latin';
  if (point >= 0x1ea0 && point <= 0x1ef9) return 'vietnamese';
  if ((point >= 0x100 && point <= 0x24f) || (point >= 0x1e00 && point <= 0x1eff)) return 'latin-ext';
  if (point >= 0x370 && point <= 0x3ff) return 'greek';
  if (point >= 0x400 && point <= 0x4ff) return 'cyrillic';
  return undefined;
}

export type Run = { readonly subset: string; readonly text: string };

/** The text in pieces that one font can set each. A character of a script without a font becomes a question mark. */
export function runsOf(text: string): Run[] {
  const runs: { subset: string; text: string }[] = [];
  for (const character of text) {
    const subset = subsetOf(character.codePointAt(0) ?? 0);
    const last = runs.at(-1);
    const shown = subset === undefined ? '?' : character;
    if (last !== undefined && last.subset === (subset ?? 'latin')) last.text += shown;
    else runs.push({ subset: subset ?? 'latin', text: shown });
  }
  return runs;
}
