import { BlockList, isIP } from 'node:net';

/** An address range, `10.0.0.0/8` or `2001:db8::/32`; a bare address is a range of one. */
export type Network = { readonly prefixBits: number; includes(address: string): boolean };

/** Undefined for text that is no range. */
export function parseNetwork(text: string): Network | undefined {
  const [address = '', bits, more] = text.split('/');
  const family = isIP(address);
  if (family === 0 || more !== undefined) return undefined;
  const widest = family === 4 ? 32 : 128;
  if (bits !== undefined && !/^\d{1,3}$/.test(bits)) return undefined;
  const prefixBits = bits === undefined ? widest : Number(bits);
  if (prefixBits > widest) return undefined;
  const list = new BlockList();
  const type = family === 4 ? 'ipv4' : 'ipv6';
  list.addSubnet(address, prefixBits, type);
  // "0.0.0.0/0" is how people write "from anywhere".
  const isEverything = prefixBits === 0;
  return {
    prefixBits,
    includes(peer) {
      const plain = plainAddress(peer);
      const kind = isIP(plain);
      if (kind === 0) return false;
      return isEverything || (kind === family && list.check(plain, type));
    },
  };
}

/** IPv4 as IPv4, also where the socket says `::ffff:192.0.2.1`; without a zone. */
export function plainAddress(address: string): string {
  const bare = address.split('%', 1)[0] ?? '';
  return bare.startsWith('::ffff:') && isIP(bare.slice(7)) === 4 ? bare.slice(7) : bare;
}
