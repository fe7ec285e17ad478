import { isIP } from 'node:net';
import type { Pattern, PatternPart } from './ast.ts';
import { QuerySyntax } from './errors.ts';

export const operators = [':', '!=', '>=', '<=', '=', '>', '<'] as const;
export type Operator = (typeof operators)[number];

export type Token = { readonly at: number; readonly length: number } & (
  | { readonly kind: 'open' | 'close' | 'and' | 'or' | 'not' | 'end' }
  /** A name with its operator; the value is the next token. */
  | { readonly kind: 'field'; readonly name: string; readonly operator: Operator }
  | { readonly kind: 'value'; readonly pattern: Pattern; readonly text: string }
  | {
      readonly kind: 'range';
      readonly low: string | null;
      readonly high: string | null;
      readonly lowIncluded: boolean;
      readonly highIncluded: boolean;
    }
);

const fieldName = /[A-Za-z_@][\w.@$#/-]*/y;
const operatorAt = /:|!=|>=|<=|=|>|</y;
const wordAt = /[^\s()"]+/y;
const hardwareAddress = /^[0-9a-f]{2}([:-][0-9a-f]{2}){5}$/i;

/**
 * Splits a query into tokens. Outside quotes a backslash is a backslash (paths are pasted all day long) and `*` and `?` are
 * wildcards; inside quotes everything is itself, and a quote is written twice.
 * @throws {QuerySyntax}
 */
export function lex(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  let valueExpected = false;
  while (at < text.length) {
    const sign = text.charAt(at);
    if (/\s/.test(sign)) {
      at++;
      continue;
    }
    const token: Token =
      valueExpected && (sign === '[' || sign === '{') ? rangeAt(text, at) : tokenAt(text, at, valueExpected);
    valueExpected = token.kind === 'field';
    tokens.push(token);
    at += token.length;
  }
  tokens.push({ kind: 'end', at: text.length, length: 0 });
  return tokens;
}

function tokenAt(text: string, at: number, valueExpected: boolean): Token {
  const sign = text.charAt(at);
  if (sign === '(') return { kind: 'open', at, length: 1 };
  if (sign === ')') return { kind: 'close', at, length: 1 };
  if (sign === '"') return quotedAt(text, at, valueExpected);
  if (!valueExpected) {
    const word = match(wordAt, text, at);
    if (word === 'AND' || word === 'OR' || word === 'NOT') {
      return { kind: word === 'AND' ? 'and' : word === 'OR' ? 'or' : 'not', at, length: word.length };
    }
    if (sign === '-' && word.length > 1) return { kind: 'not', at, length: 1 };
    const field = fieldAt(text, at, word);
    if (field !== undefined) return field;
  }
  const word = match(wordAt, text, at);
  return {
    kind: 'value',
    at,
    length: word.length,
    text: word,
    pattern: { parts: wildcards(word), quoted: false },
  };
}

function fieldAt(text: string, at: number, word: string): Token | undefined {
  if (isIP(word) !== 0 || hardwareAddress.test(word)) return undefined;
  const name = match(fieldName, text, at);
  if (name === '') return undefined;
  const operator = operators.find((one) => one === match(operatorAt, text, at + name.length));
  if (operator === undefined) return undefined;
  const rest = text.slice(at + name.length + operator.length, at + name.length + operator.length + 2);
  // C:\Windows and https://… are text.
  if (operator === ':' && (rest === '//' || (name.length === 1 && rest.startsWith('\\')))) return undefined;
  return { kind: 'field', at, length: name.length + operator.length, name, operator };
}

/** A quoted text; before an operator it is a field's name with blanks in it. */
function quotedAt(text: string, at: number, valueExpected: boolean): Token {
  let value = '';
  let next = at + 1;
  for (;;) {
    const end = text.indexOf('"', next);
    if (end === -1)
      throw new QuerySyntax(
        'A quote is not closed',
        'Close it with a second ". A quote inside quotes is written twice.',
        at,
        text.length - at,
      );
    value += text.slice(next, end);
    next = end + 1;
    if (text.charAt(next) !== '"') break;
    value += '"';
    next++;
  }
  const operator = operators.find((one) => one === match(operatorAt, text, next));
  if (!valueExpected && operator !== undefined) {
    return { kind: 'field', at, length: next - at + operator.length, name: value, operator };
  }
  return {
    kind: 'value',
    at,
    length: next - at,
    text: value,
    pattern: { parts: [{ literal: value }], quoted: true },
  };
}

/** `[10 TO 20]`, `{10 TO *}`: square brackets include the bound, curly ones do not. */
function rangeAt(text: string, at: number): Token {
  const found = /([[{])\s*("(?:[^"]|"")*"|[^\s\]}"]+)\s+TO\s+("(?:[^"]|"")*"|[^\s\]}"]+)\s*([\]}])/y;
  found.lastIndex = at;
  const parts = found.exec(text);
  const [whole, open, low, high, close] = parts ?? [];
  if (whole === undefined || low === undefined || high === undefined) {
    throw new QuerySyntax('A range is not complete', 'Write it as [10 TO 20], with * for an open end.', at);
  }
  return {
    kind: 'range',
    at,
    length: whole.length,
    low: bound(low),
    high: bound(high),
    lowIncluded: open === '[',
    highIncluded: close === ']',
  };
}

const bound = (text: string): string | null =>
  text === '*' ? null : text.startsWith('"') ? text.slice(1, -1).replaceAll('""', '"') : text;

function wildcards(word: string): PatternPart[] {
  const parts: PatternPart[] = [];
  for (const piece of word.split(/([*?])/)) {
    if (piece === '') continue;
    // `**` says no more than `*`.
    const last = parts.at(-1);
    if (piece === '*' && last !== undefined && 'wild' in last && last.wild === 'any') continue;
    parts.push(piece === '*' ? { wild: 'any' } : piece === '?' ? { wild: 'one' } : { literal: piece });
  }
  return parts;
}

function match(pattern: RegExp, text: string, at: number): string {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? '';
}
