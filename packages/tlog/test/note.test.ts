import { createPrivateKey } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  createSigner,
  emptyRoot,
  hashLeaf,
  maxTreeSize,
  noteOf,
  openCheckpoint,
  openNote,
  parseCheckpoint,
  parseNote,
  parseVkey,
  signCheckpoint,
  TlogError,
  toBase64,
} from '../src/index.ts';
import { newCosigner, newEcdsaSigner, newSigner } from './build.ts';

const signer = newSigner('log.example/one');
const text = 'A text.\n\nWith an empty line.\n';
const note = noteOf(text, [signer.sign(text)]);
const keys = [signer.verifier];

/** Ed25519 from a seed of 32 equal bytes: always the same key, so always the same text. */
const fixed = createSigner(
  'ledger.example',
  createPrivateKey({
    key: Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), Buffer.alloc(32, 7)]),
    format: 'der',
    type: 'pkcs8',
  }),
);

describe('a note', () => {
  test('of a fixed key is always the same text', () => {
    expect(fixed.verifier.vkey).toBe('ledger.example+5c3b714a+AepKbGPinFIKvvVQexMuxfmVR3auvr57kkIe6mkURtIs');
    const checkpoint = signCheckpoint({ origin: 'ledger.example', size: 0, root: emptyRoot }, [fixed]);
    expect(checkpoint).toMatchInlineSnapshot(`
      "ledger.example
      0
      47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=

      — ledger.example XDtxSltv6YpQHRHcAV5adVgYZAqpiF5QNsN3fUVz4gtMEHsJ8J5Br0FZdxWs+KvmH9+VBCs/ZapKKUyKqpWKthkU5AA=
      "
    `);
  });

  test.each([
    ['Ed25519', newSigner('log.example')],
    ['ECDSA P-256', newEcdsaSigner('log.example', 'P-256')],
    ['ECDSA P-384', newEcdsaSigner('log.example')],
    ['ECDSA P-521', newEcdsaSigner('log.example', 'P-521')],
  ])('signed with %s opens with its verifier key as text, and not when changed', (_kind, one) => {
    const signed = noteOf(text, [one.sign(text)]);
    const verifier = parseVkey(one.verifier.vkey);
    expect(verifier.keyId).toBe(one.verifier.keyId);
    expect(openNote(signed, [verifier]).text).toBe(text);
    expect(openNote(Buffer.from(signed), [verifier]).text).toBe(text);
    expect(() => openNote(signed.replace('A text', 'B text'), [verifier])).toThrow('is wrong');
  });

  test('may carry signatures that nobody here knows, of any type and length', () => {
    const unknown = [...Array(20).keys()].map(
      (at) => `\u2014 other.example/${at} ${toBase64(Buffer.alloc(5 + at * 200, at))}\n`,
    );
    expect(openNote(noteOf(text, [...unknown, signer.sign(text)]), keys).signed).toHaveLength(1);
    expect(() => openNote(noteOf(text, unknown), keys)).toThrow('no key that is trusted');
  });

  test('is spoilt by one wrong signature of a known key', () => {
    const wrong = signer.sign('Another text.\n');
    expect(() => openNote(noteOf(text, [wrong, signer.sign(text)]), keys)).toThrow('is wrong');
  });

  test('counts a key once, however often it signed', () => {
    expect(openNote(noteOf(text, Array(5).fill(signer.sign(text))), keys).signed).toHaveLength(1);
  });

  test('is not signed by another key of the same name, nor by the same key under another name', () => {
    expect(() => openNote(note, [newSigner('log.example/one').verifier])).toThrow('no key that is trusted');
    const renamed = note.replace('log.example/one', 'log.example/two');
    expect(() => openNote(renamed, keys)).toThrow('no key that is trusted');
  });

  test.each([
    ['nothing', ''],
    ['no signatures', text],
    ['an empty signature block', `${text}\n`],
    ['no line end at its end', note.slice(0, -1)],
    ['CRLF', note.replaceAll('\n', '\r\n')],
    ['a tab', note.replace('A text', 'A\ttext')],
    ['NUL', note.replace('A text', 'A\0text')],
    ['something after the signatures', `${note}more\n`],
    ['an empty line among the signatures', `${note}\n`],
    ['a hyphen for the dash', note.replace('\u2014', '-')],
    ['two spaces', note.replace('\u2014 ', '\u2014  ')],
    ['a name with a plus', note.replace('log.example/one', 'log+example')],
    ['a name with a no-break space', note.replace('log.example/one', 'log\u00a0example')],
    ['base64 without padding', note.replace(/=+\n$/, '\n')],
    ['base64 of the web', note.replace(/ ([^ ]+)\n$/, (_, sig: string) => ` ${sig.slice(0, -4)}-_==\n`)],
    ['base64 with a line of its own', note.replace(/(.{4})\n$/, '\n$1\n')],
    ['a signature shorter than a key id', note.replace(/ [^ ]+\n$/, ' AAAA\n')],
    ['a surrogate on its own', note.replace('A text', 'A \ud800text')],
    ['101 signatures', noteLike(101)],
    ['two megabytes', `${'a'.repeat(2 << 20)}\n\n${signer.sign(text)}`],
  ])('with %s is refused as malformed', (_what, input) => {
    expect(faultOf(() => openNote(input, keys))).toBe('malformed');
  });

  test('with bytes that are no UTF-8 is refused', () => {
    const bytes = Buffer.concat([Buffer.from([0xff]), Buffer.from(note)]);
    expect(faultOf(() => openNote(bytes, keys))).toBe('malformed');
  });

  test('whatever bytes it is made of, is refused with a stated fault', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(faultOf(() => openNote(bytes, keys))).toMatch(/malformed|signature/);
      }),
    );
    fc.assert(
      fc.property(fc.nat(note.length), fc.string({ unit: 'binary', maxLength: 4 }), (at, put) => {
        const changed = note.slice(0, at) + put + note.slice(at + put.length);
        if (changed !== note) expect(faultOf(() => openNote(changed, keys))).toMatch(/malformed|signature/);
      }),
    );
  });
});

function noteLike(count: number): string {
  return `${text}\n${signer.sign(text).repeat(count)}`;
}

function faultOf(work: () => unknown): string {
  try {
    work();
    return 'none';
  } catch (error) {
    if (error instanceof TlogError) return error.fault;
    throw error;
  }
}

describe('a verifier key', () => {
  const { vkey } = signer.verifier;
  test.each([
    ['nothing', ''],
    ['two parts', 'name+00000000'],
    ['an id of another key', vkey.replace(/\+[0-9a-f]{8}\+/, '+00000000+')],
    ['an id in capitals', 'a+ABCDEF00+AQ=='],
    ['a name with a space', `a ${vkey}`],
    ['a short key', 'a+00000000+AQIDBA=='],
    ['an unknown type', 'a+00000000+CQIDBA=='],
    ['ECDSA that is no key', 'a+00000000+AgIDBA=='],
    ['a line end behind it', `${vkey}\n`],
    ['a megabyte', `a+00000000+${'A'.repeat(1 << 20)}`],
  ])('with %s is refused', (_what, input) => {
    expect(faultOf(() => parseVkey(input))).toBe('malformed');
  });

  test('of RSA or of an odd curve is refused', () => {
    expect(() => newEcdsaSigner('log.example', 'secp256k1')).toThrow('P-384');
    expect(() => createSigner('a b', createPrivateKey(pem))).toThrow('name');
  });
});

const pem = `-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEIAcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcH
-----END PRIVATE KEY-----
`;

describe('a checkpoint', () => {
  const root = hashLeaf(Buffer.from('x'));
  const origin = 'log.example/one';
  const signed = signCheckpoint({ origin, size: 1, root }, [signer]);
  const body = (lines: string): string => noteOf(lines, [signer.sign(lines)]);

  test('opens with a key of its origin, and tells who signed', () => {
    const both = newEcdsaSigner(origin);
    const opened = openCheckpoint(signCheckpoint({ origin, size: 1, root }, [signer, both]), [
      signer.verifier,
      both.verifier,
    ]);
    expect(opened).toMatchObject({ origin, size: 1 });
    expect(opened.signed.map(({ verifier }) => verifier.type)).toEqual([1, 2]);
  });

  test('of another log is refused, though its key is known', () => {
    const other = signCheckpoint({ origin: 'log.example/two', size: 1, root }, [signer]);
    expect(faultOf(() => openCheckpoint(other, keys))).toBe('origin');
  });

  test('may have extension lines; they are signed too', () => {
    const extended = body(`${origin}\n1\n${toBase64(root)}\nmore\n`);
    expect(openCheckpoint(extended, keys).size).toBe(1);
    expect(faultOf(() => openCheckpoint(extended.replace('more', 'less'), keys))).toBe('signature');
  });

  test('of the largest size that can be counted is read, a larger one refused', () => {
    expect(openCheckpoint(body(`${origin}\n${maxTreeSize}\n${toBase64(root)}\n`), keys).size).toBe(
      maxTreeSize,
    );
    for (const huge of ['9007199254740992', '18446744073709551615', '1'.repeat(400)])
      expect(faultOf(() => openCheckpoint(body(`${origin}\n${huge}\n${toBase64(root)}\n`), keys))).toBe(
        'malformed',
      );
  });

  test.each([
    ['no root', `${origin}\n1\n`],
    ['a leading zero', `${origin}\n01\n${toBase64(root)}\n`],
    ['a sign', `${origin}\n+1\n${toBase64(root)}\n`],
    ['a fraction', `${origin}\n1.0\n${toBase64(root)}\n`],
    ['no size', `${origin}\n\n${toBase64(root)}\n`],
    ['no origin', `\n1\n${toBase64(root)}\n`],
    ['a short root', `${origin}\n1\nAAAA\n`],
    ['a root with space', `${origin}\n1\n ${toBase64(root)}\n`],
    ['an empty extension line', `${origin}\n1\n${toBase64(root)}\n\nmore\n`],
    ['size 0 and a root', `${origin}\n0\n${toBase64(root)}\n`],
  ])('with %s is refused', (_what, lines) => {
    expect(faultOf(() => openCheckpoint(`${lines}\n${signer.sign(lines)}`, keys))).toBe('malformed');
  });

  test('with a name that would break its form is not written', () => {
    for (const bad of ['', 'a\nb', 'a\tb', 'a\0b'])
      expect(() => signCheckpoint({ origin: bad, size: 1, root }, [signer])).toThrow(TlogError);
    expect(() => signCheckpoint({ origin, size: -1, root }, [signer])).toThrow(TlogError);
    expect(() => signCheckpoint({ origin, size: 1, root: root.subarray(1) }, [signer])).toThrow(TlogError);
  });

  test('is read the same with a cosignature below it', () => {
    const cosigner = newCosigner('witness.example');
    const { text: body } = parseNote(signed);
    const witnessed = signed + cosigner.cosign(body, 1_700_000_000);
    expect(parseCheckpoint(witnessed)).toEqual(parseCheckpoint(signed));
    expect(openNote(witnessed, [cosigner.verifier]).signed).toHaveLength(1);
    expect(openNote(witnessed, [parseVkey(cosigner.verifier.vkey)]).signed).toHaveLength(1);
    const moved = witnessed.replace(/ ([A-Za-z0-9+/=]+)\n$/, (_, base64: string) => {
      const bytes = Buffer.from(base64, 'base64');
      bytes.writeUInt8(bytes.readUInt8(11) ^ 1, 11);
      return ` ${bytes.toString('base64')}\n`;
    });
    expect(faultOf(() => openNote(moved, [cosigner.verifier]))).toBe('signature');
  });
});
