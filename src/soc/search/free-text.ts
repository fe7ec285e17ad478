import { type Pattern, plainText } from './ast.ts';
import type { Bind } from './condition.ts';

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
  } else if (plain !== '' && (!isOneWord(plain) || words.length === 0)) {
    // The words stand there; here they stand next to each other, with the signs between them.
    parts.push(`position(${text}, lower(${bind(plain, 'String')})) > 0`);
  }
  return parts.length === 0 ? '1' : `(${parts.join(' AND ')})`;
}

const mostWords = 12;
/** Stands for a wildcard; of the private use area, and taken for a letter. */
const wild = '\ue000';

/** Whole words of the pattern, as the index has them: one that touches a wildcard is a part of a word. */
function wordsOf(pattern: Pattern): string[] {
  return wordsIn(pattern.parts.map((part) => ('literal' in part ? part.literal : wild)).join(''));
}

/**
 * A word of a value by which an index can leave most events out: of an id, a hash or a version, not of a name that every
 * second event has. Where the value stands in an event, so does the word.
 */
export function tellingWord(value: string): string | undefined {
  const telling = wordsIn(value).filter((word) => word.length >= 5 && /[0-9]/.test(word));
  return telling.reduce<string | undefined>(
    (best, word) => (best === undefined || word.length > best.length ? word : best),
    undefined,
  );
}

function wordsIn(text: string): string[] {
  const words = text
    .split(/[^0-9A-Za-z\u0080-\u{10ffff}]+/u)
    .filter((word) => word !== '' && !word.includes(wild))
    // ASCII only, as ClickHouse's lower() has it.
    .map((word) => word.replace(/[A-Z]/g, (letter) => letter.toLowerCase()));
  return [...new Set(words)].slice(0, mostWords);
}

const isOneWord = (text: string): boolean => /^[A-Za-z0-9\u0080-\u{10ffff}]+$/u.test(text);
