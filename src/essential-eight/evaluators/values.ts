import type { Collection, EvidenceInForce, Fact } from '#governance/evidence';
import type { Kind } from '../kinds.ts';

export type Seen = { readonly collection: Collection; readonly fact: Fact };
/** Evidence as the evaluators here ask for it: by a kind that exists. */
export type Evidence = Pick<EvidenceInForce, 'now'> & {
  facts(kind: Kind): Iterable<Seen>;
  collections(kind: Kind): readonly Collection[];
};

export const text = ({ fact }: Seen, name: string): string | undefined => {
  const value = fact.values[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
};
/** Yes or no, as JSON has it or as somebody wrote it in a table. */
export const flag = ({ fact }: Seen, name: string): boolean | undefined => {
  const value = fact.values[name];
  if (typeof value === 'boolean') return value;
  if (typeof value !== 'string') return undefined;
  if (/^(yes|true|y|1)$/i.test(value)) return true;
  return /^(no|false|n|0)$/i.test(value) ? false : undefined;
};
export const number = ({ fact }: Seen, name: string): number | undefined => {
  const value = fact.values[name];
  const read = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof read === 'number' && Number.isFinite(read) ? read : undefined;
};
export const texts = ({ fact }: Seen, name: string): readonly string[] => {
  const value = fact.values[name];
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
};
/** Undefined where it is no date: what can't be read is not known. */
export function date(seen: Seen, name: string): Date | undefined {
  const value = text(seen, name);
  if (value === undefined) return undefined;
  const at = new Date(value);
  return Number.isNaN(at.getTime()) ? undefined : at;
}
/** The object behind a name, as a list of its members. */
export function members({ fact }: Seen, name: string): readonly (readonly [string, unknown])[] {
  const value = fact.values[name];
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? Object.entries(value) : [];
}

export const hourMilliseconds = 3_600_000;
export const dayMilliseconds = 24 * hourMilliseconds;
export const daysAfter = (at: Date, days: number): Date => new Date(at.getTime() + days * dayMilliseconds);
/** A calendar month later; of a day that month doesn't have, its last. */
export function monthAfter(at: Date): Date {
  const day = at.getUTCDate();
  const next = new Date(at);
  next.setUTCDate(1);
  next.setUTCMonth(next.getUTCMonth() + 1);
  const last = new Date(Date.UTC(next.getUTCFullYear(), next.getUTCMonth() + 1, 0)).getUTCDate();
  next.setUTCDate(Math.min(day, last));
  return next;
}
export const day = (at: Date): string => at.toISOString().slice(0, 10);
