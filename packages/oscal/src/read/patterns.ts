import { fullFormats } from 'ajv-formats/dist/formats.js';

// What a token, a date or an address may be long: the schema's own patterns and formats are run on no more.
const maxPatternLength = 8192;
const maxStringLength = 1024 * 1024;

// ajv takes two patterns whose toString is the same for one.
type Test = { test(text: string): boolean; toString(): string };

/**
 * The patterns of the schema in a form that foreign text cannot make slow: three are written out (base64 may be
 * megabytes long; `.+@.+` is quadratic), every other is its own regular expression on text of bounded length.
 */
export function boundedPattern(pattern: string, flags: string): Test {
  return { test: patternTest(pattern, flags), toString: () => `/${pattern}/${flags}` };
}

function patternTest(pattern: string, flags: string): (text: string) => boolean {
  switch (pattern) {
    case '^[0-9A-Za-z+/]+={0,2}$':
      return isBase64;
    case '^.+@.+$':
      return hasInnerAt;
    case '^[^\n]+$':
      return (text) => text !== '' && !text.includes('\n');
    default: {
      const expression = new RegExp(pattern, flags);
      const max = pattern === '^\\S(.*\\S)?$' ? maxStringLength : maxPatternLength;
      return (text) => text.length <= max && expression.test(text);
    }
  }
}

function hasInnerAt(text: string): boolean {
  const at = text.indexOf('@', 1);
  return at !== -1 && at < text.length - 1 && !/[\n\r\u2028\u2029]/.test(text);
}

function isBase64(text: string): boolean {
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const length = text.length - padding;
  for (let at = 0; at < length; at++) {
    const code = text.charCodeAt(at);
    const inAlphabet =
      (code >= 0x30 && code <= 0x39) ||
      (code >= 0x41 && code <= 0x5a) ||
      (code >= 0x61 && code <= 0x7a) ||
      code === 0x2b ||
      code === 0x2f;
    if (!inAlphabet) return false;
  }
  return length > 0;
}

const formatNames = ['date-time', 'email', 'uri', 'uri-reference'] as const;

/** The formats that the schema names, on text of bounded length. */
export function boundedFormats(): Readonly<Record<string, (text: string) => boolean>> {
  return Object.fromEntries(
    formatNames.map((name) => {
      const test = testOf(fullFormats[name]);
      return [name, (text: string) => text.length <= maxPatternLength && test(text)];
    }),
  );
}

function testOf(format: unknown): (text: string) => boolean {
  if (format instanceof RegExp) return (text) => format.test(text);
  if (typeof format === 'function') return (text) => Boolean(format(text));
  if (typeof format === 'object' && format !== null && 'validate' in format) return testOf(format.validate);
  throw new Error('ajv-formats gives a format in a shape that is not known.');
}
