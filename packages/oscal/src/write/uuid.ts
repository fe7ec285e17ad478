import { createHash } from 'node:crypto';

/** Makes the uuid of a thing from its place: the same kind and keys give the same uuid. */
export type UuidOf = (kind: string, ...keys: readonly string[]) => string;

// SOURCE: RFC 9562 appendix on name spaces: the one for URLs.
const urlNamespace = Buffer.from('6ba7b8119dad11d180b400c04fd430c8', 'hex');

/**
 * Uuids of version 5 below a namespace URI and a document's key.
 * SOURCE: RFC 9562 section 5.5. SHA-1 is what the version asks for; nothing secret hangs on it.
 */
export function uuidsOf(namespace: string, documentKey: string): UuidOf {
  const house = nameBased(urlNamespace, namespace);
  return (kind, ...keys) => format(nameBased(house, JSON.stringify([documentKey, kind, ...keys])));
}

function nameBased(namespace: Uint8Array, name: string): Uint8Array {
  const bytes = createHash('sha1').update(namespace).update(name).digest().subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x50;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return bytes;
}

function format(bytes: Uint8Array): string {
  const hex = Buffer.from(bytes).toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
