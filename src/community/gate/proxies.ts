import { BlockList, isIP } from 'node:net';
import { Invalid } from '#platform/errors';

/** Whom we believe about where a request comes from. */
export type Proxies = { has(address: string): boolean };

/** @param list addresses and networks (`10.0.0.0/8`), comma-separated. @throws {Invalid} naming what is neither */
export function proxiesOf(list: string): Proxies {
  const known = new BlockList();
  for (const one of list.split(',').map((part) => part.trim())) {
    if (one === '') continue;
    const [address = '', bits] = one.split('/');
    const family = isIP(address);
    const prefix = bits === undefined ? (family === 4 ? 32 : 128) : Number(bits);
    if (family === 0 || !Number.isInteger(prefix) || prefix < 0 || prefix > (family === 4 ? 32 : 128))
      throw new Invalid(`"${one}" is no address or network of a proxy.`);
    known.addSubnet(address, prefix, family === 4 ? 'ipv4' : 'ipv6');
  }
  return {
    has: (address) => isIP(address) !== 0 && known.check(address, isIP(address) === 4 ? 'ipv4' : 'ipv6'),
  };
}

/** `::ffff:10.0.0.1` is 10.0.0.1. */
export const plainAddress = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/i, '');

/**
 * The address of whom the request is for. `X-Forwarded-For` is read from its end (the nearest proxy wrote last), and only as
 * far as each that wrote is a proxy we believe: what stands before is the client's own claim.
 *
 * @param peer who holds the connection
 */
export function clientAddress(peer: string, forwardedFor: string | undefined, proxies: Proxies): string {
  let address = plainAddress(peer);
  const hops = (forwardedFor ?? '').split(',').map((hop) => plainAddress(hop.trim()));
  for (let at = hops.length - 1; at >= 0 && proxies.has(address); at--) {
    const hop = hops[at] ?? '';
    // A proxy of ours that passes on what is no address: nothing is known beyond it.
    if (isIP(hop) === 0) return '';
    address = hop;
  }
  return address;
}
