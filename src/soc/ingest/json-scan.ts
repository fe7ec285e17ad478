/**
 * Whether bytes are one JSON object (RFC 8259) nested at most `levels` deep, without building it: half the cost of
 * JSON.parse, and nothing for the garbage collector. Bytes above 127 are good in strings and nowhere else, so that it
 * says of invalid UTF-8 what JSON.parse says of it once each bad byte is read as U+FFFD.
 */
export function isJsonObject(bytes: Uint8Array, levels: number): boolean {
  const start = blanks(bytes, 0);
  if (bytes[start] !== openBrace) return false;
  const end = value(bytes, start, levels);
  return end >= 0 && blanks(bytes, end) === bytes.length;
}

const quote = 0x22;
const comma = 0x2c;
const minus = 0x2d;
const colon = 0x3a;
const zero = 0x30;
const openBracket = 0x5b;
const backslash = 0x5c;
const closeBracket = 0x5d;
const openBrace = 0x7b;
const closeBrace = 0x7d;
const nowhere = -1;

/** What a byte of a string is: plain, the start of an escape, or neither. */
const plain = 1;
const kinds = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte >= 0x20 && byte !== quote && byte !== backslash ? plain : 0,
);
/** How long an escape is, by the byte behind its backslash; 0: it is none. */
const escapeBytes = Uint8Array.from({ length: 256 }, (_, byte) => {
  const character = String.fromCharCode(byte);
  return character === 'u' ? 6 : '"\\/bfnrt'.includes(character) ? 2 : 0;
});
const literals = ['true', 'false', 'null'].map((word) => Buffer.from(word));

/** All of these take the place where something starts and give the place behind it, or `nowhere`. */
function value(bytes: Uint8Array, at: number, levels: number): number {
  const first = bytes[at] ?? 0;
  if (first === quote) return text(bytes, at + 1);
  if (first === openBrace) return levels === 0 ? nowhere : object(bytes, at + 1, levels - 1);
  if (first === openBracket) return levels === 0 ? nowhere : array(bytes, at + 1, levels - 1);
  if (first === minus || isDigit(first)) return number(bytes, at);
  const word = literals.find((one) => one[0] === first);
  return word !== undefined && word.every((byte, index) => bytes[at + index] === byte)
    ? at + word.length
    : nowhere;
}

function object(bytes: Uint8Array, from: number, levels: number): number {
  let at = blanks(bytes, from);
  if (bytes[at] === closeBrace) return at + 1;
  for (;;) {
    if (bytes[at] !== quote) return nowhere;
    at = text(bytes, at + 1);
    if (at < 0) return nowhere;
    at = blanks(bytes, at);
    if (bytes[at] !== colon) return nowhere;
    at = value(bytes, blanks(bytes, at + 1), levels);
    if (at < 0) return nowhere;
    at = blanks(bytes, at);
    if (bytes[at] === closeBrace) return at + 1;
    if (bytes[at] !== comma) return nowhere;
    at = blanks(bytes, at + 1);
  }
}

function array(bytes: Uint8Array, from: number, levels: number): number {
  let at = blanks(bytes, from);
  if (bytes[at] === closeBracket) return at + 1;
  for (;;) {
    at = value(bytes, at, levels);
    if (at < 0) return nowhere;
    at = blanks(bytes, at);
    if (bytes[at] === closeBracket) return at + 1;
    if (bytes[at] !== comma) return nowhere;
    at = blanks(bytes, at + 1);
  }
}

/** @param from behind the opening quote */
function text(bytes: Uint8Array, from: number): number {
  const end = bytes.length;
  let at = from;
  while (at < end) {
    let byte = bytes[at] ?? 0;
    while (kinds[byte] === plain && ++at < end) byte = bytes[at] ?? 0;
    if (byte === quote) return at + 1;
    if (byte !== backslash) return nowhere;
    const size = escapeBytes[bytes[at + 1] ?? 0] ?? 0;
    if (size === 0 || (size === 6 && !isHex(bytes, at + 2))) return nowhere;
    at += size;
  }
  return nowhere;
}

function number(bytes: Uint8Array, from: number): number {
  let at = bytes[from] === minus ? from + 1 : from;
  const whole = digits(bytes, at);
  if (whole === at || (bytes[at] === zero && whole > at + 1)) return nowhere;
  at = whole;
  if (bytes[at] === 0x2e) {
    const fraction = digits(bytes, at + 1);
    if (fraction === at + 1) return nowhere;
    at = fraction;
  }
  if (bytes[at] === 0x65 || bytes[at] === 0x45) {
    at += bytes[at + 1] === 0x2b || bytes[at + 1] === minus ? 2 : 1;
    const exponent = digits(bytes, at);
    if (exponent === at) return nowhere;
    at = exponent;
  }
  return at;
}

function digits(bytes: Uint8Array, from: number): number {
  let at = from;
  while (at < bytes.length && isDigit(bytes[at] ?? 0)) at++;
  return at;
}

function blanks(bytes: Uint8Array, from: number): number {
  let at = from;
  while (at < bytes.length) {
    const byte = bytes[at];
    if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) break;
    at++;
  }
  return at;
}

const isDigit = (byte: number): boolean => byte >= zero && byte <= 0x39;

function isHex(bytes: Uint8Array, from: number): boolean {
  for (let at = from; at < from + 4; at++) {
    const byte = bytes[at] ?? 0;
    const letter = byte | 0x20;
    if (!isDigit(byte) && !(letter >= 0x61 && letter <= 0x66)) return false;
  }
  return true;
}
