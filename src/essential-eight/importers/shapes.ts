import type { Json } from '#ledger';
import type { Fact, FileHead, ImportStep } from '#governance/evidence';

export type Named = Readonly<Record<string, unknown>>;
type Values = Fact['values'];

/** An object's members; of anything else none. */
export const object = (value: unknown): Named =>
  value !== null && typeof value === 'object' && !Array.isArray(value) ? { ...value } : {};
/** A list as it is; one thing as a list of one (XML and PowerShell write it so); nothing as none. */
export const list = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? value : value === undefined || value === null || value === '' ? [] : [value];
export const string = (value: unknown): string | undefined =>
  typeof value === 'string' && value.trim() !== ''
    ? value.trim()
    : typeof value === 'number'
      ? String(value)
      : undefined;
export const strings = (value: unknown): string[] => list(value).flatMap((one) => string(one) ?? []);
export const boolean = (value: unknown): boolean | undefined => {
  if (typeof value === 'boolean') return value;
  if (typeof value !== 'string') return undefined;
  if (/^(true|yes|y|1)$/i.test(value.trim())) return true;
  return /^(false|no|n|0)$/i.test(value.trim()) ? false : undefined;
};
export const integer = (value: unknown): number | undefined => {
  const read = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof read === 'number' && Number.isFinite(read) ? read : undefined;
};
/** ISO 8601, milliseconds, and what PowerShell makes of a date: `/Date(1700000000000)/`, or an object with `value`. */
export function time(value: unknown): Date | undefined {
  if (typeof value === 'object' && value !== null && 'value' in value) return time(value.value);
  if (typeof value !== 'string' && typeof value !== 'number') return undefined;
  const text = String(value).trim();
  const ticks = /^\/Date\((-?\d{1,15})[+\-\d]*\)\/$/.exec(text)?.[1];
  // A time without a zone would be of this machine's: it is read as UTC.
  const zoned = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?$/.test(text)
    ? `${text.replace(' ', 'T')}Z`
    : text;
  const at = new Date(ticks !== undefined ? Number(ticks) : typeof value === 'number' ? value : zoned);
  return Number.isNaN(at.getTime()) || at.getUTCFullYear() < 1980 ? undefined : at;
}
/** Members that are undefined are left out: nothing says what isn't said. */
export const said = (values: Readonly<Record<string, Json | undefined>>): Values =>
  Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );

export const taken = (row: number, ...facts: readonly Fact[]): ImportStep => ({ row, facts });
export const refused = (row: number, why: string): ImportStep => ({ row, refused: why });
export const skipped = (row: number, why: string): ImportStep => ({ row, skipped: why });

/** The head has all of these words: cheap, and enough to tell formats apart. */
export const holds = ({ text }: FileHead, ...words: readonly string[]): boolean =>
  words.every((word) => text.includes(word));
/** A file's name without folder and ends: `pc1.applocker.xml` and `pc1.reg` are of pc1. */
export const hostInName = (name: string): string =>
  (name.split(/[\\/]/).at(-1) ?? name).replace(
    /(\.(applocker|appcontrol|wdac|gz|reg|xml|json|txt|csv|ldif|nessus))+$/i,
    '',
  );
