import type { Fault, Limits } from '../fault.ts';
import { models } from './models.ts';

const otherFormat =
  'Take the JSON file of the same document: publishers give both, and oscal-cli converts one into the other.';
const yamlStart = new RegExp(`^(---|%YAML|(${models.join('|')}):)`);

/** Bytes as text, or why not: size, encoding, and formats that are OSCAL but not JSON. */
export function textOf(source: Uint8Array | string, limits: Limits): string | Fault {
  const size = typeof source === 'string' ? source.length : source.byteLength;
  if (size > limits.maxBytes) return tooLarge(size, limits);
  const text = typeof source === 'string' ? source.replace(/^\uFEFF/, '') : decode(source);
  if (typeof text !== 'string') return text;
  // Only the start is looked at: what follows is for the parser.
  const start = text.slice(0, 4096).trimStart();
  if (start.startsWith('<'))
    return { code: 'xml', where: '', what: 'This is XML, where JSON is due.', help: otherFormat };
  if (yamlStart.test(start))
    return { code: 'yaml', where: '', what: 'This is YAML, where JSON is due.', help: otherFormat };
  return text;
}

/** Says that a file is too large, for callers that know its size before they read it. */
export const tooLarge = (bytes: number, limits: Limits): Fault => ({
  code: 'too-large',
  where: '',
  what: `The file has ${megabytes(bytes)} MB; at most ${megabytes(limits.maxBytes)} MB are read.`,
  help: 'Take embedded files (base64) out of the back matter, or split the document.',
});

const megabytes = (bytes: number): string => (bytes / 1024 / 1024).toFixed(1);

function decode(bytes: Uint8Array): string | Fault {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    const utf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
    return {
      code: 'not-text',
      where: '',
      what: utf16 ? 'The file is UTF-16, where UTF-8 is due.' : 'The file is not UTF-8 text.',
      help: 'Save it as UTF-8, or export it again.',
    };
  }
}
