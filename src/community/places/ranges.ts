import { isIP } from 'node:net';

/** What one list may hold at most. */
export const rangeCaps = { bytes: 4 * 1024 * 1024, ranges: 100_000 } as const;

export type Ranges =
  | { readonly ok: true; readonly ranges: readonly string[] }
  | { readonly ok: false; readonly why: string };

/**
 * One CIDR range or address a line; `#` begins a remark. A range is taken as its network (`10.1.2.3/8` is refused: somebody
 * meant something else), each once.
 */
export function readRanges(text: string): Ranges {
  const found = new Set<string>();
  for (const [at, line] of text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\n|\r/)
    .entries()) {
    const entry = line.split('#', 1)[0]?.trim() ?? '';
    if (entry === '') continue;
    const range = rangeOf(entry);
    if (range === undefined)
      return {
        ok: false,
        why: `Line ${at + 1} is no range like 192.0.2.0/24 or 2001:db8::/32: "${entry.slice(0, 60)}".`,
      };
    found.add(range);
    if (found.size > rangeCaps.ranges) return { ok: false, why: `More than ${rangeCaps.ranges} ranges.` };
  }
  return found.size === 0 ? { ok: false, why: 'The list is empty.' } : { ok: true, ranges: [...found] };
}

function rangeOf(entry: string): string | undefined {
  const [address = '', bits, more] = entry.split('/');
  const family = isIP(address);
  if (family === 0 || more !== undefined || address.includes('%')) return undefined;
  const width = family === 4 ? 32 : 128;
  const prefix = bits === undefined ? width : Number(bits);
  // A range as wide as half the Internet is a slip of the pen.
  if (bits !== undefined && !/^\d{1,3}$/.test(bits)) return undefined;
  if (prefix > width || prefix < (family === 4 ? 8 : 16)) return undefined;
  return isNetwork(address, prefix, family) ? `${address.toLowerCase()}/${prefix}` : undefined;
}

/** Whether no bit behind the prefix is set. */
const isNetwork = (address: string, prefix: number, family: number): boolean =>
  bigOf(address, family) % (1n << BigInt((family === 4 ? 32 : 128) - prefix)) === 0n;

function bigOf(address: string, family: number): bigint {
  if (family === 4) return address.split('.').reduce((sum, part) => sum * 256n + BigInt(part), 0n);
  const [head = '', tail] = expandedV4(address).split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const middle = tail === undefined ? [] : Array.from({ length: 8 - left.length - right.length }, () => '0');
  return [...left, ...middle, ...right].reduce((sum, part) => sum * 65_536n + BigInt(`0x${part}`), 0n);
}

/** `::ffff:1.2.3.4` written in groups only. */
const expandedV4 = (address: string): string =>
  address.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_all, a: string, b: string, c: string, d: string) =>
    [Number(a) * 256 + Number(b), Number(c) * 256 + Number(d)].map((part) => part.toString(16)).join(':'),
  );

/** An address as the lists know it: IPv4 inside IPv6 is IPv4. Undefined for what is no address. */
export function plainIp(text: string): string | undefined {
  const address = text.trim().replace(/^::ffff:(?=\d+\.)/i, '');
  return isIP(address) === 0 || address.includes('%') ? undefined : address;
}
