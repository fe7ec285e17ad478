import { isIPv4, isIPv6 } from 'node:net';

/** First and last address of `text`, as IPv6 in text form; undefined when it is neither an address nor a network. */
export function addressRange(text: string): { first: string; last: string } | undefined {
  const [address, prefixText, ...rest] = text.split('/');
  if (address === undefined || rest.length > 0) return undefined;
  const bytes = addressBytes(address);
  if (bytes === undefined) return undefined;
  const width = isIPv4(address) ? 32 : 128;
  if (prefixText === undefined) return { first: textOf(bytes), last: textOf(bytes) };
  if (!/^\d{1,3}$/.test(prefixText) || Number(prefixText) > width) return undefined;
  const hostBits = width - Number(prefixText);
  const mask = (1n << BigInt(hostBits)) - 1n;
  return { first: textOf(bytes & ~mask), last: textOf(bytes | mask) };
}

/** IPv4 as IPv4 mapped into IPv6, as the table has it. */
function addressBytes(text: string): bigint | undefined {
  if (isIPv4(text)) return (0xffffn << 32n) | v4(text);
  if (!isIPv6(text) || text.includes('%')) return undefined;
  const dotted = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text);
  const last = dotted?.[2] === undefined ? undefined : v4(dotted[2]);
  const hex =
    dotted?.[1] === undefined || last === undefined
      ? text
      : `${dotted[1]}${(last >> 16n).toString(16)}:${(last & 0xffffn).toString(16)}`;
  const [head = '', tail] = hex.split('::');
  const left = groups(head);
  const right = tail === undefined ? [] : groups(tail);
  const middle = tail === undefined ? [] : new Array<string>(8 - left.length - right.length).fill('0');
  return [...left, ...middle, ...right].reduce((sum, group) => (sum << 16n) | BigInt(`0x${group}`), 0n);
}

const v4 = (text: string): bigint => text.split('.').reduce((sum, part) => (sum << 8n) | BigInt(part), 0n);
const groups = (text: string): string[] => (text === '' ? [] : text.split(':'));

function textOf(address: bigint): string {
  const parts: string[] = [];
  for (let shift = 112n; shift >= 0n; shift -= 16n) parts.push(((address >> shift) & 0xffffn).toString(16));
  return parts.join(':');
}
