import { type KeyObject, randomBytes } from 'node:crypto';
import { isIP } from 'node:net';
import { blobOf, isSignedBy, partsOf, signWith } from './keys.ts';
import { list, Malformed, reader, string, uint32, uint64 } from './wire.ts';

/** A user certificate, as sshd understands it. @see OpenSSH PROTOCOL.certkeys */
export type Certificate = {
  readonly serial: bigint;
  /** The session's id: sshd logs it with every connection. */
  readonly keyId: string;
  /** Account names that it is good for; never empty, as that would mean every account. */
  readonly principals: readonly [string, ...string[]];
  readonly validAfter: Date;
  /** Not good any more at this very second. */
  readonly validBefore: Date;
  /** The only addresses it may be used from. */
  readonly sourceAddresses: readonly [string, ...string[]];
};

const suffix = '-cert-v01@openssh.com';
const userCertificate = 1;
const maxBytes = 8192;

const seconds = (at: Date): bigint => BigInt(Math.floor(at.getTime() / 1000));
const options = (entries: readonly (readonly [string, Buffer])[]): Buffer =>
  Buffer.concat(entries.map(([name, data]) => Buffer.concat([string(name), string(data)])));

/**
 * Signs a certificate for the public key. Of the extensions it has `permit-pty` alone: no forwarding of ports, agents or
 * X11, no ~/.ssh/rc. The source address is a critical option: an sshd that does not know it refuses.
 *
 * @param subject the public key, in SSH's own form
 * @param authority private key of the authority: Ed25519 or ECDSA
 * @returns the certificate in SSH's own form
 */
export function issue(certificate: Certificate, subject: Buffer, authority: KeyObject): Buffer {
  const type = reader(subject).text();
  partsOf(type);
  const body = Buffer.concat([
    string(`${type}${suffix}`),
    string(randomBytes(32)),
    // The key's own fields stand as they are, without its type.
    subject.subarray(string(type).length),
    uint64(certificate.serial),
    uint32(userCertificate),
    string(certificate.keyId),
    string(Buffer.concat(certificate.principals.map(string))),
    uint64(seconds(certificate.validAfter)),
    uint64(seconds(certificate.validBefore)),
    string(options([['source-address', string(certificate.sourceAddresses.map(cidr).join(','))]])),
    string(options([['permit-pty', Buffer.alloc(0)]])),
    string(''),
    string(blobOf(authority)),
  ]);
  return Buffer.concat([body, string(signWith(authority, body))]);
}

/** sshd takes masks only with an address of their family; a single address is /32 or /128. */
const cidr = (address: string): string => (isIP(address) === 6 ? `${address}/128` : `${address}/32`);

export type ReadCertificate = Omit<Certificate, 'principals' | 'sourceAddresses'> & {
  readonly type: string;
  readonly principals: readonly string[];
  /** Of an own certificate: single addresses. */
  readonly sourceAddresses: readonly string[];
  readonly extensions: readonly string[];
  /** The key that is certified, in SSH's own form. */
  readonly subject: Buffer;
};

/**
 * Reads what `issue` made, and nothing more liberal: another authority, type, critical option or extension is refused.
 * @param authority public key of the only authority that is trusted, in SSH's own form
 * @throws {Malformed} says what is wrong
 */
export function readCertificate(bytes: Buffer, authority: Buffer): ReadCertificate {
  if (bytes.length > maxBytes) throw new Malformed('the certificate is too long');
  const read = reader(bytes);
  const type = read.text();
  if (!type.endsWith(suffix)) throw new Malformed('it is not a certificate');
  const plain = type.slice(0, -suffix.length);
  read.string();
  const fields = Array.from({ length: partsOf(plain) }, () => string(read.string()));
  const serial = read.uint64();
  if (read.uint32() !== userCertificate) throw new Malformed('it is not a user certificate');
  const keyId = read.text();
  const principals = list(read.string());
  const validAfter = dateOf(read.uint64());
  const validBefore = dateOf(read.uint64());
  const critical = pairs(read.string());
  const extensions = pairs(read.string()).map(([name]) => name);
  read.string();
  const signedBy = read.string();
  const body = bytes.subarray(0, read.at);
  const signature = read.string();
  if (!read.done) throw new Malformed('it has something after its end');
  if (!signedBy.equals(authority)) throw new Malformed('another authority signed it');
  if (!isSignedBy(authority, body, signature)) throw new Malformed("its signature is not the authority's");
  const [first, ...others] = critical;
  if (first?.[0] !== 'source-address' || others.length > 0)
    throw new Malformed('its critical options are not those of a session');
  const sourceAddresses = reader(first[1])
    .text()
    .split(',')
    .map((address) => address.replace(/\/(32|128)$/, ''));
  const subject = Buffer.concat([string(plain), ...fields]);
  return { type, serial, keyId, principals, validAfter, validBefore, sourceAddresses, extensions, subject };
}

function dateOf(at: bigint): Date {
  if (at > 253_402_300_799n) throw new Malformed('it has no end');
  return new Date(Number(at) * 1000);
}

function pairs(bytes: Buffer): (readonly [string, Buffer])[] {
  const found: (readonly [string, Buffer])[] = [];
  const read = reader(bytes);
  while (!read.done) found.push([read.text(), read.string()]);
  return found;
}

/** As a file beside the private key: `id_ed25519-cert.pub`. */
export const certificateLine = (certificate: Buffer, comment: string): string =>
  `${reader(certificate).text()} ${certificate.toString('base64')} ${comment}\n`;
