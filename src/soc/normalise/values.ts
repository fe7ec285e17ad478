import type { Using } from './map.ts';

/** How a column wants its values; follows from its ClickHouse type. */
export type ColumnKind = 'text' | 'number' | 'address' | 'list';

/** Text of a leaf value; undefined for null, objects and what is empty ('' and '-' say "nothing" in most formats). */
export function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value === '' || value === '-' ? undefined : value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (Array.isArray(value)) {
    if (value.length === 0) return undefined;
    return value.length === 1 ? textOf(value[0]) : JSON.stringify(value);
  }
  return undefined;
}

/** A non-negative whole number: decimal or 0x hexadecimal, at most `max`. Undefined where the value is not one. */
export function numberOf(value: unknown, max: number): number | undefined {
  let number: number;
  if (typeof value === 'number') number = value;
  else if (typeof value === 'string' && value !== '')
    number = /^(0x[0-9a-f]{1,13}|\d{1,16})$/i.test(value) ? Number(value) : Number.parseFloat(value);
  else return undefined;
  if (!(number >= 0)) return undefined;
  const whole = Math.trunc(number);
  return whole <= max ? whole : undefined;
}

/** `1.2.3.4;::ffff:5.6.7.8;type: 5 host` of Sysmon, a JSON list, or one value: a list of texts without empties. */
export function listOf(value: unknown): string[] {
  const parts = typeof value === 'string' ? value.split(';') : Array.isArray(value) ? value : [value];
  const list: string[] = [];
  for (const part of parts.slice(0, 100)) {
    const text = textOf(typeof part === 'string' ? part.trim() : part);
    if (text !== undefined && !text.startsWith('type:')) list.push(text);
  }
  return list;
}

/** One hash out of Sysmon's `SHA1=…,MD5=…`; a bare hash stands for itself where its length fits. Lower case. */
export function hashOf(text: string, name: 'MD5' | 'SHA256' | 'IMPHASH'): string | undefined {
  const length = name === 'SHA256' ? 64 : 32;
  let at = text.indexOf(`${name}=`);
  if (at < 0) {
    if (text.includes('=') || text.length !== length || name === 'IMPHASH') return undefined;
    at = 0;
  } else at += name.length + 1;
  const hash = text.slice(at, at + length);
  return hash.length === length && /^[0-9A-Fa-f]+$/.test(hash) && !/^0+$/.test(hash)
    ? hash.toLowerCase()
    : undefined;
}

/** @returns the value's form for a `using`; undefined where it has none */
export function convert(value: unknown, how: Using): unknown {
  if (how === 'first') return Array.isArray(value) ? value[0] : value;
  if (how === 'seconds') {
    const seconds =
      typeof value === 'number' ? value : typeof value === 'string' ? Number(value) : Number.NaN;
    return seconds >= 0 ? Math.round(seconds * 1000) : undefined;
  }
  const text = textOf(value);
  if (text === undefined) return undefined;
  switch (how) {
    case 'basename':
      return text.slice(Math.max(text.lastIndexOf('\\'), text.lastIndexOf('/')) + 1);
    case 'domain-of':
      return text.includes('\\') ? text.slice(0, text.indexOf('\\')) : undefined;
    case 'account-of':
      return text.slice(text.indexOf('\\') + 1);
    case 'md5':
      return hashOf(text, 'MD5');
    case 'sha256':
      return hashOf(text, 'SHA256');
    case 'imphash':
      return hashOf(text, 'IMPHASH');
  }
}
