import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  checkProof,
  hashLeaf,
  parseNote,
  parsePolicy,
  parseProof,
  policyOfKeys,
  proveInclusion,
  quorumMet,
  signCheckpoint,
  TlogError,
  trustedCheckpoint,
  writeProof,
} from '../src/index.ts';
import { entriesOf, newCosigner, newEcdsaSigner, newSigner, nodesOfLeaves, plainRoot } from './build.ts';

const origin = 'log.example';
const signer = newSigner(origin);
const ecdsa = newEcdsaSigner(origin);
const witnesses = ['a', 'b', 'c', 'd'].map((name) => newCosigner(`witness.example/${name}`));
const [a, b, c, d] = witnesses.map(({ verifier }) => verifier.vkey);

const text = `# who is believed
log ${signer.verifier.vkey} https://log.example/ledger
log ${ecdsa.verifier.vkey}

witness A ${a} https://a.example
  witness B ${b}\t
witness C ${c}
witness D ${d}
group two-of-three 2 A B C
group both all two-of-three D
quorum both
`;

describe('a policy', () => {
  test('reads logs, witnesses, groups and the quorum', () => {
    const policy = parsePolicy(text);
    expect(policy.logs.map(({ url }) => url)).toEqual(['https://log.example/ledger', undefined]);
    expect(policy.witnesses.map(({ name, url }) => [name, url])).toEqual([
      ['A', 'https://a.example'],
      ['B', undefined],
      ['C', undefined],
      ['D', undefined],
    ]);
    const met = (...names: string[]) => quorumMet(policy, new Set(names));
    expect([met('A', 'B', 'D'), met('B', 'C', 'D'), met('A', 'B', 'C', 'D')]).toEqual([true, true, true]);
    expect([met('A', 'B', 'C'), met('A', 'D'), met()]).toEqual([false, false, false]);
  });

  test('lets a checkpoint pass when enough of its witnesses saw it, and names them', () => {
    const note = signCheckpoint({ origin, size: 1, root: hashLeaf(Buffer.from('x')) }, [signer, ecdsa]);
    const seenBy = (...who: number[]) =>
      note + who.map((one) => witnesses[one]?.cosign(parseNote(note).text, 1_700_000_000 + one)).join('');
    const policy = parsePolicy(text);
    expect(trustedCheckpoint(policy, seenBy(0, 2, 3))).toMatchObject({
      size: 1,
      signedBy: [{ type: 1 }, { type: 2 }],
      cosignedBy: [
        { name: 'A', seconds: 1_700_000_000 },
        { name: 'C', seconds: 1_700_000_002 },
        { name: 'D', seconds: 1_700_000_003 },
      ],
    });
    for (const too of [seenBy(), seenBy(0, 1, 2), seenBy(3)])
      expect(() => trustedCheckpoint(policy, too)).toThrow('both is asked for');
    expect(trustedCheckpoint(policyOfKeys([signer.verifier.vkey]), seenBy()).cosignedBy).toEqual([]);
  });

  test.each([
    ['no quorum', text.replace('quorum both\n', ''), 'no quorum'],
    ['two quorums', `${text}quorum A\n`, 'second quorum'],
    ['an undefined quorum', text.replace('quorum both', 'quorum all'), 'not defined above'],
    ['a member defined later', text.replace('2 A B C', '2 A B both'), 'line 9'],
    ['a member twice', text.replace('all two-of-three D', 'all two-of-three D A'), 'member twice'],
    ['none as a member', text.replace('2 A B C', '2 A none C'), 'none'],
    ['a threshold of 0', text.replace('2 A B C', '0 A B C'), 'threshold'],
    ['a threshold beyond the members', text.replace('2 A B C', '4 A B C'), 'threshold'],
    ['a name taken', text.replace('witness B', 'witness A'), 'taken'],
    ['none as a name', text.replace('witness B', 'witness none'), 'taken'],
    ['a witness twice', text.replace(String(b), String(a)), 'twice'],
    ["a log's key for a witness", text.replace(String(b), signer.verifier.vkey), 'does not fit'],
    ["a witness's key for a log", text.replace(ecdsa.verifier.vkey, String(a)), 'does not fit'],
    ['a word too many', text.replace('quorum both', 'quorum both A'), 'begins with'],
    ['an unknown line', `${text}trust everybody\n`, 'begins with'],
    ['CRLF', text.replaceAll('\n', '\r\n'), 'control character'],
    ['a megabyte', text + '#'.repeat(1 << 20), 'longer'],
  ])('with %s is refused and says where', (_what, input, message) => {
    expect(() => parsePolicy(input)).toThrow(message);
    expect(() => parsePolicy(input)).toThrow(TlogError);
  });

  test('with 32 logs, witnesses and groups is read', () => {
    const many = [
      ...Array.from({ length: 32 }, (_, at) => `log ${newSigner(`log${at}.example`).verifier.vkey}`),
      ...Array.from(
        { length: 32 },
        (_, at) => `witness w${at} ${newCosigner(`w${at}.example`).verifier.vkey}`,
      ),
      ...Array.from({ length: 32 }, (_, at) => `group g${at} any w${at}`),
      'quorum g31',
    ].join('\n');
    expect(parsePolicy(many).groups).toHaveLength(32);
  });
});

describe('an offline proof', () => {
  const leaves = entriesOf(11).map(hashLeaf);
  const note = signCheckpoint({ origin, size: 11, root: plainRoot(leaves) }, [signer]);
  const make = async (index: number, extra?: Uint8Array) =>
    writeProof({
      index,
      proof: await proveInclusion(nodesOfLeaves(leaves), index, 11),
      checkpoint: note,
      extra,
    });
  const policy = policyOfKeys([signer.verifier.vkey]);
  const leaf = leaves[6] ?? new Uint8Array();

  test('is written, read and holds, with and without something beside it', async () => {
    for (const extra of [undefined, Buffer.from('beside it')]) {
      const file = parseProof(await make(6, extra));
      expect(file.extra && Buffer.from(file.extra).toString()).toBe(extra?.toString());
      expect(checkProof(file, leaf, policy)).toMatchObject({ index: 6, checkpoint: { size: 11, origin } });
    }
    expect((await make(6)).startsWith('c2sp.org/tlog-proof@v1\nindex 6\n')).toBe(true);
  });

  test('of another leaf, of another log or for another policy does not hold', async () => {
    const file = parseProof(await make(6));
    expect(() => checkProof(file, leaves[5] ?? leaf, policy)).toThrow('does not follow');
    expect(() => checkProof({ ...file, index: 5 }, leaf, policy)).toThrow('does not follow');
    expect(() => checkProof({ ...file, index: 11 }, leaf, policy)).toThrow('no leaf 11');
    const other = policyOfKeys([newSigner('other.example').verifier.vkey]);
    expect(() => checkProof(file, leaf, other)).toThrow('of another log');
    const impostor = policyOfKeys([newSigner(origin).verifier.vkey]);
    expect(() => checkProof(file, leaf, impostor)).toThrow('no key that is trusted');
    expect(() => checkProof(file, leaf, parsePolicy(text))).toThrow('both is asked for');
  });

  test.each([
    ['another header', (proof: string) => proof.replace('@v1', '@v2')],
    ['no index', (proof: string) => proof.replace('index 6\n', '')],
    ['a leading zero', (proof: string) => proof.replace('index 6', 'index 06')],
    ['a huge index', (proof: string) => proof.replace('index 6', 'index 99999999999999999999')],
    ['a short hash', (proof: string) => proof.replace('index 6\n', 'index 6\nAAAA\n')],
    [
      '64 hashes',
      (proof: string) => proof.replace('index 6\n', `index 6\n${`${'A'.repeat(43)}=\n`.repeat(64)}`),
    ],
    ['extra data that is no base64', (proof: string) => proof.replace('index 6', 'extra *\nindex 6')],
    ['extra data twice', (proof: string) => proof.replace('index 6', 'extra AA==\nextra AA==\nindex 6')],
    ['no checkpoint', (proof: string) => proof.slice(0, proof.indexOf('\n\n') + 2)],
    ['CRLF', (proof: string) => proof.replaceAll('\n', '\r\n')],
    ['its end cut off', (proof: string) => proof.slice(0, -30)],
  ])('with %s is refused as malformed', async (_what, change) => {
    const proof = await make(6);
    expect(() => parseProof(change(proof))).toThrow(TlogError);
  });

  test('whatever is changed in it, is refused', async () => {
    const good = await make(6);
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.integer({ min: 1, max: 255 }), (at, by) => {
        const bytes = Buffer.from(good);
        bytes.writeUInt8(bytes.readUInt8(at) ^ by, at);
        expect(() => checkProof(parseProof(bytes), leaf, policy)).toThrow(TlogError);
      }),
      { numRuns: 300 },
    );
  });
});
