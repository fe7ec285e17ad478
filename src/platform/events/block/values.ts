/**
 * Text to the fixed-width values of the table. Each writes into `into` at `at` and answers whether the text was one.
 */

/** Dotted IPv4 (stored as ::ffff:a.b.c.d) or IPv6, also in brackets or with a zone (%eth0), which is left out. */
export function putAddress(text: string, into: Uint8Array, at: number): boolean {
  const size = text.length;
  if (size < 2 || size > 64) return false;
  if (text.indexOf(':') < 0) {
    into.fill(0, at, at + 10);
    into[at + 10] = 0xff;
    into[at + 11] = 0xff;
    return putIpv4(text, 0, size, into, at + 12);
  }
  const start = text.charCodeAt(0) === 0x5b ? 1 : 0;
  const bracket = start === 1 ? text.indexOf(']') : size;
  const zone = text.indexOf('%');
  const end = zone >= 0 && zone < bracket ? zone : bracket;
  return end > start && putIpv6(text, start, end, into, at);
}

function putIpv4(text: string, start: number, end: number, into: Uint8Array, at: number): boolean {
  let part = -1;
  let parts = 0;
  for (let index = start; index <= end; index++) {
    const code = index === end ? 0x2e : text.charCodeAt(index);
    if (code === 0x2e) {
      if (part < 0 || parts === 4) return false;
      into[at + parts++] = part;
      part = -1;
      continue;
    }
    const digit = code - 0x30;
    if (digit < 0 || digit > 9) return false;
    // A leading zero may mean octal (RFC 6943, 3.1.1): not an address.
    if (part === 0) return false;
    part = part < 0 ? digit : part * 10 + digit;
    if (part > 255) return false;
  }
  return parts === 4;
}

/** @see RFC 4291, 2.2 */
function putIpv6(text: string, start: number, end: number, into: Uint8Array, at: number): boolean {
  into.fill(0, at, at + 16);
  let groups = 0;
  let gap = -1;
  let index = start;
  if (text.startsWith('::', start)) {
    gap = 0;
    index = start + 2;
  }
  while (index < end) {
    let stop = text.indexOf(':', index);
    if (stop < 0 || stop > end) stop = end;
    const dot = text.indexOf('.', index);
    if (stop === end && dot >= 0 && dot < end) {
      if (groups > 6 || !putIpv4(text, index, end, into, at + groups * 2)) return false;
      groups += 2;
      break;
    }
    const value = hexGroup(text, index, stop);
    if (value < 0 || groups === 8) return false;
    into[at + groups * 2] = value >> 8;
    into[at + groups * 2 + 1] = value & 0xff;
    groups++;
    index = stop + 1;
    if (stop === end) break;
    if (index === end) return false;
    if (text.charCodeAt(index) === 0x3a) {
      if (gap >= 0) return false;
      gap = groups;
      index++;
    }
  }
  if (gap < 0) return groups === 8;
  if (groups > 7) return false;
  const moved = (groups - gap) * 2;
  into.copyWithin(at + 16 - moved, at + gap * 2, at + groups * 2);
  into.fill(0, at + gap * 2, at + 16 - moved);
  return true;
}

function hexGroup(text: string, start: number, end: number): number {
  if (end - start < 1 || end - start > 4) return -1;
  let value = 0;
  for (let index = start; index < end; index++) {
    const digit = hexDigit(text.charCodeAt(index));
    if (digit < 0) return -1;
    value = value * 16 + digit;
  }
  return value;
}

/** `digits` hex digits from `from` on as bytes. */
export function putHex(text: string, from: number, digits: number, into: Uint8Array, at: number): boolean {
  for (let index = 0; index < digits; index += 2) {
    const high = hexDigit(text.charCodeAt(from + index));
    const low = hexDigit(text.charCodeAt(from + index + 1));
    if (high < 0 || low < 0) return false;
    into[at + index / 2] = high * 16 + low;
  }
  return true;
}

function hexDigit(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const letter = code | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}

/** A whole number: as it is, in decimal text, or in hex text (0x1f4). NaN where it is none. */
export function wholeNumber(value: unknown): number {
  if (typeof value === 'number') return Math.floor(value) === value ? value : Number.NaN;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value === 'bigint') return Number(value);
  if (typeof value !== 'string' || value.length === 0 || value.length > 40) return Number.NaN;
  const found = Number(value);
  return Math.floor(found) === found ? found : Number.NaN;
}
