import { malformed } from './errors.ts';
import { hashBytes, maxTreeSize } from './merkle.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** @throws {TlogError} malformed, where the bytes are no UTF-8 or too many */
export function textOf(input: string | Uint8Array, what: string, maxBytes: number): string {
  if (input.length > maxBytes) throw malformed(`${what} is longer than ${maxBytes} bytes`);
  if (typeof input === 'string') {
    if (!input.isWellFormed()) throw malformed(`${what} is not UTF-8`);
    return input;
  }
  try {
    return utf8.decode(input);
  } catch (error) {
    throw malformed(`${what} is not UTF-8`, error);
  }
}

export const toBase64 = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64');

/** The one way to write these bytes, and no other. @see RFC 4648, 4. @throws {TlogError} malformed */
export function fromBase64(text: string, what: string): Uint8Array {
  const bytes = Buffer.from(text, 'base64');
  if (text === '' || bytes.toString('base64') !== text) throw malformed(`${what} is not base64`);
  return bytes;
}

/** @throws {TlogError} malformed */
export function hashFromBase64(text: string, what: string): Uint8Array {
  const bytes = fromBase64(text, what);
  if (bytes.length !== hashBytes) throw malformed(`${what} has ${bytes.length} bytes, not ${hashBytes}`);
  return bytes;
}

/** ASCII decimal without leading zeroes. @throws {TlogError} malformed */
export function sizeFromText(text: string, what: string): number {
  if (!/^(0|[1-9][0-9]{0,15})$/.test(text))
    throw malformed(`${what} is not a decimal number that can be counted`);
  const size = Number(text);
  if (size > maxTreeSize) throw malformed(`${what} is larger than ${maxTreeSize}`);
  return size;
}
