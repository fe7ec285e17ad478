import { type Pattern, plainText } from './ast.ts';
import type { Bind } from './compile.ts';

/**
 * Words anywhere in an event: message, raw text, values of native fields.
 * `one` and `"one two"` match whole words, any case, found by the index; a word with wildcards matches
 * anywhere (`*ertut*`), and is read from every event in the time range.
 *
 * @param text the expression the index is on
 */
export function freeText(pattern: Pattern, text: string, bind: Bind): string {
  const plain = plainText(pattern);
  const words = wordsOf(pattern);
  const parts: string[] = [];
  for (const word of words) parts.push(`hasToken(${text}, ${bind(word, 'String')})`);
  if (plain === undefined) {
    const like = pattern.parts.map((part) =>
      'literal' in part ? part.literal.replace(/[\\%_]/g, '\\$&') : part.wild === 'any' ? '%' : '_',
    );
    parts.push(`${text} LIKE lower(${bind(`%${like.join('')}%`, 'String')})`);
  } else if (!isOneWord(plain)) {
    // The words stand there; here they stand next to each other, with the signs between them.
    parts.push(`position(${text}, lower(${bind(plain, 'String')})) > 0`);
  }
  return parts.length === 0 ? '1' : `(${parts.join(' AND ')})`;
}

const mostWords = 12;

/** Whole words of the pattern, as the index has them: one that touches a wildcard is a part of a word. */
function wordsOf(pattern: Pattern): string[] {
  const marked = pattern.parts.map((part) => ('literal' in part ? part.literal : '\u0000')).join('');
  const words = marked
    .split(/[\u0001-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u007f]+/)
    .filter((word) => word !== '' && !word.includes('\u0000'))
    // ASCII only, as ClickHouse's lower() has it.
    .map((word) => word.replace(/[A-Z]/g, (letter) => letter.toLowerCase()));
  return [...new Set(words)].slice(0, mostWords);
}

const isOneWord = (text: string): boolean => /^[A-Za-z0-9\u0080-\u{10ffff}]+$/u.test(text);
