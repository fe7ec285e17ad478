import { execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { type Certificate, certificateLine, issue, readCertificate } from './certificate.ts';
import { blobOf, blobOfLine, fingerprintOf, isSignedBy, keyOf, lineOf, signWith } from './keys.ts';
import { Malformed, reader } from './wire.ts';

const folder = mkdtempSync(join(tmpdir(), 'ironbark-certificates-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const pair = (curve: string) =>
  curve === 'ed25519' ? generateKeyPairSync('ed25519') : generateKeyPairSync('ec', { namedCurve: curve });
const kinds = ['ed25519', 'P-256', 'P-384', 'P-521'];
const authorities = kinds.map(pair);
const subjects = kinds.map((kind) => blobOf(pair(kind).publicKey));
const pick = <Item>(items: readonly Item[], at: number): Item => {
  const item = items[at];
  if (item === undefined) throw new Error('no such item');
  return item;
};

/** What OpenSSH's own tool reads. */
function shown(certificate: Buffer): string {
  const path = join(folder, 'key-cert.pub');
  writeFileSync(path, certificateLine(certificate, 'test'));
  return execFileSync('ssh-keygen', ['-L', '-f', path], {
    encoding: 'utf8',
    env: { ...process.env, TZ: 'UTC' },
  });
}

const word = fc.stringMatching(/^[a-z0-9][a-z0-9._-]{0,30}$/);
const given = fc.record({
  serial: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
  keyId: word,
  principals: fc.tuple(word, word),
  start: fc.integer({ min: 1_600_000_000, max: 1_900_000_000 }),
  length: fc.integer({ min: 1, max: 14_400 }),
  address: fc.oneof(fc.ipV4(), fc.constantFrom('2001:db8::7', '::1')),
  authority: fc.integer({ min: 0, max: 3 }),
  subject: fc.integer({ min: 0, max: 3 }),
});
const certificateOf = (of: {
  serial: bigint;
  keyId: string;
  principals: [string, string];
  start: number;
  length: number;
  address: string;
}): Certificate => ({
  serial: of.serial,
  keyId: of.keyId,
  principals: of.principals,
  validAfter: new Date(of.start * 1000),
  validBefore: new Date((of.start + of.length) * 1000),
  sourceAddresses: [of.address],
});

describe('a certificate', () => {
  test('is read by ssh-keygen as it was written, whatever is in it', () => {
    fc.assert(
      fc.property(given, (of) => {
        const { privateKey, publicKey } = pick(authorities, of.authority);
        const certificate = certificateOf(of);
        const subject = pick(subjects, of.subject);
        const text = shown(issue(certificate, subject, privateKey));
        expect(text).toContain('user certificate');
        expect(text).toContain(`Key ID: "${of.keyId}"`);
        expect(text).toContain(`Serial: ${of.serial}`);
        expect(text).toContain(fingerprintOf(subject));
        expect(text).toContain(fingerprintOf(blobOf(publicKey)));
        const valid = [certificate.validAfter, certificate.validBefore].map((at) =>
          at.toISOString().slice(0, 19),
        );
        expect(text).toContain(`Valid: from ${valid[0]} to ${valid[1]}`);
        for (const principal of of.principals) expect(text).toContain(`                ${principal}\n`);
        expect(text).toMatch(new RegExp(`Critical Options: \\n\\s+source-address ${of.address}/(32|128)\\n`));
        expect(text).toMatch(/Extensions: \n\s+permit-pty\n$/);
      }),
      { numRuns: 60 },
    );
  });

  test('comes back as it was, and not with one bit of it changed', () => {
    fc.assert(
      fc.property(given, fc.nat(), fc.integer({ min: 0, max: 7 }), (of, place, bit) => {
        const { privateKey, publicKey } = pick(authorities, of.authority);
        const subject = pick(subjects, of.subject);
        const certificate = certificateOf(of);
        const bytes = issue(certificate, subject, privateKey);
        const authority = blobOf(publicKey);
        expect(readCertificate(bytes, authority)).toMatchObject({
          ...certificate,
          subject,
          extensions: ['permit-pty'],
        });
        const changed = Buffer.from(bytes);
        const at = place % changed.length;
        changed.writeUInt8(changed.readUInt8(at) ^ (1 << bit), at);
        expect(() => readCertificate(changed, authority)).toThrow(Malformed);
      }),
      { numRuns: 200 },
    );
  });

  test('of another authority is refused, and so is one that ssh-keygen made with more rights', () => {
    const [ours, other] = [pick(authorities, 0), pick(authorities, 2)];
    const bytes = issue(
      certificateOf({
        serial: 1n,
        keyId: 'k',
        principals: ['a', 'b'],
        start: 1,
        length: 60,
        address: '127.0.0.1',
      }),
      pick(subjects, 0),
      other.privateKey,
    );
    expect(() => readCertificate(bytes, blobOf(ours.publicKey))).toThrow(/another authority/);

    const path = join(folder, 'made');
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', path]);
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', `${path}-ca`]);
    execFileSync('ssh-keygen', [
      '-q',
      '-s',
      `${path}-ca`,
      '-I',
      'id',
      '-n',
      'root',
      '-V',
      '+1h',
      `${path}.pub`,
    ]);
    const read = (name: string) => execFileSync('cat', [name], { encoding: 'utf8' });
    const theirs = Buffer.from(read(`${path}-cert.pub`).split(' ')[1] ?? '', 'base64');
    expect(() => readCertificate(theirs, blobOfLine(read(`${path}-ca.pub`)))).toThrow(/critical options/);
  });

  test('no bytes make the reader do anything but refuse', () => {
    const authority = blobOf(pick(authorities, 0).publicKey);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), (bytes) => {
        expect(() => readCertificate(Buffer.from(bytes), authority)).toThrow(Malformed);
      }),
    );
  });
});

describe('keys', () => {
  test.each(kinds)('of %s go to a line and back, and sign', (kind) => {
    const { publicKey, privateKey } = pair(kind);
    const blob = blobOf(publicKey);
    expect(blobOf(privateKey)).toEqual(blob);
    expect(blobOfLine(lineOf(blob, 'me@here'))).toEqual(blob);
    expect(keyOf(blob).type).toBe(reader(blob).text());
    for (let times = 0; times < 20; times++) {
      const data = Buffer.from(`data ${times}`);
      const signature = signWith(privateKey, data);
      expect(isSignedBy(blob, data, signature)).toBe(true);
      expect(isSignedBy(blob, Buffer.from('other'), signature)).toBe(false);
    }
  });

  test.each(['', 'ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAAQ==', 'ssh-ed25519 AAAA', 'ssh-ed25519', 'x y z'])(
    'that are not taken are refused: %j',
    (line) => {
      expect(() => blobOfLine(line)).toThrow(Malformed);
    },
  );
});
