import { Unreadable } from './record.ts';

const strict = new TextDecoder('utf-8', { fatal: true });
const western = new TextDecoder('windows-1252');

/**
 * Text as spreadsheets and tools save it: UTF-8 or UTF-16 with or without a byte order mark; lines that are no UTF-8 are taken
 * as Windows-1252, and counted.
 * @throws {Unreadable} for what is no text
 */
export function decodeText(bytes: Uint8Array): { text: string; westernLines: number } {
  const [a, b] = bytes;
  if (a === 0xff && b === 0xfe) return { text: new TextDecoder('utf-16le').decode(bytes), westernLines: 0 };
  if (a === 0xfe && b === 0xff) return { text: new TextDecoder('utf-16be').decode(bytes), westernLines: 0 };
  if (bytes.subarray(0, 4096).includes(0)) throw new Unreadable('It is no text.');
  try {
    return { text: strict.decode(bytes), westernLines: 0 };
  } catch {
    return byLine(bytes);
  }
}

function byLine(bytes: Uint8Array): { text: string; westernLines: number } {
  const parts: string[] = [];
  let westernLines = 0;
  for (let from = 0; from < bytes.length; ) {
    const end = bytes.indexOf(10, from);
    const line = bytes.subarray(from, end < 0 ? bytes.length : end + 1);
    from += line.length;
    try {
      parts.push(strict.decode(line));
    } catch {
      westernLines++;
      parts.push(western.decode(line));
    }
  }
  return { text: parts.join(''), westernLines };
}

export const encodingRemark = (lines: number): string[] =>
  lines === 0 ? [] : [`${lines} lines are no UTF-8 and were read as Windows-1252. Look at their accents.`];

/** @throws {Unreadable} also for XML where JSON is due */
export function parseJson(text: string): unknown {
  const start = text.trimStart();
  if (start.startsWith('<')) throw new Unreadable('It is XML where JSON is due.');
  if (deep(start)) throw new Unreadable('It is nested too deeply.');
  try {
    return JSON.parse(start);
  } catch {
    throw new Unreadable('It is no whole JSON document: was the end cut off?');
  }
}

/** Brackets outside strings, one within the other, more than anything we read has. */
function deep(text: string, most = 200): boolean {
  let depth = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (quoted) {
      if (code === 92) at++;
      else if (code === 34) quoted = false;
    } else if (code === 34) quoted = true;
    else if (code === 123 || code === 91) {
      if (++depth > most) return true;
    } else if (code === 125 || code === 93) depth--;
  }
  return false;
}
