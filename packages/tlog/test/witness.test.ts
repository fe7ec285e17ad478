import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  answerAddCheckpoint,
  emptyRoot,
  type Hash,
  hashLeaf,
  openNote,
  parseCheckpoint,
  proveConsistency,
  readCosignature,
  signCheckpoint,
  type Witnessed,
  writeAddCheckpoint,
  TlogError,
} from '../src/index.ts';
import { entriesOf, newCosigner, newEcdsaSigner, newSigner, nodesOfLeaves, plainRoot } from './build.ts';

const origin = 'log.example';
const signer = newSigner(origin);
const cosigner = newCosigner('witness.example/w1');
const leaves = entriesOf(40).map(hashLeaf);
const treeOf = (size: number, of: readonly Hash[] = leaves) => ({
  origin,
  size,
  root: plainRoot(of.slice(0, size)),
});
const noteAt = (size: number, of = leaves): string => signCheckpoint(treeOf(size, of), [signer]);
const at = 1_760_000_000;

const ask = async (
  {
    old,
    size,
    of = leaves,
    proof,
    note,
  }: { old: number; size: number; of?: Hash[]; proof?: Hash[]; note?: string },
  latest?: Witnessed,
) =>
  answerAddCheckpoint(
    writeAddCheckpoint({
      old,
      proof: proof ?? (old === 0 || old > size ? [] : await proveConsistency(nodesOfLeaves(of), old, size)),
      checkpoint: note ?? noteAt(size, of),
    }),
    (name) => (name === origin ? { verifiers: [signer.verifier], latest } : undefined),
    cosigner,
    () => at,
  );

describe('a witness asked to add a checkpoint', () => {
  test('cosigns the first one it sees, and every one that continues it', async () => {
    const first = await ask({ old: 0, size: 7 });
    expect(first).toMatchObject({ status: 200, contentType: 'text/plain; charset=utf-8' });
    const { line, seconds } = readCosignature(noteAt(7), first.body, cosigner.verifier);
    expect(seconds).toBe(at);
    expect(openNote(noteAt(7) + line, [signer.verifier, cosigner.verifier]).signed).toHaveLength(2);
    for (const size of [7, 8, 16, 40])
      expect((await ask({ old: 7, size }, first.cosigned)).status, String(size)).toBe(200);
  });

  test('answers 409 and its own size to who starts from another', async () => {
    for (const old of [0, 6, 8]) {
      const answer = await ask({ old, size: 20 }, treeOf(7));
      expect(answer).toEqual({ status: 409, contentType: 'text/x.tlog.size', body: '7\n' });
    }
    expect((await ask({ old: 3, size: 20 })).body).toBe('0\n');
  });

  test('answers 400 to an old size beyond the checkpoint', async () => {
    expect((await ask({ old: 9, size: 8 }, treeOf(9))).status).toBe(400);
  });

  test('answers 404 to a log that it does not watch', async () => {
    const note = signCheckpoint({ ...treeOf(7), origin: 'other.example' }, [newSigner('other.example')]);
    expect((await ask({ old: 0, size: 7, note })).status).toBe(404);
  });

  test('answers 403 to a checkpoint that no known key signed, or one with a wrong signature of a known key', async () => {
    expect(
      (await ask({ old: 0, size: 7, note: signCheckpoint(treeOf(7), [newSigner(origin)]) })).status,
    ).toBe(403);
    const wrong = noteAt(7).replace(/[^\n]+\n$/, signer.sign('another\n'));
    expect((await ask({ old: 0, size: 7, note: wrong })).status).toBe(403);
  });

  test('answers 422 to a fork: the same size with another root, or a proof that does not add up', async () => {
    const forked = [...leaves.slice(0, 5), ...entriesOf(40).reverse().map(hashLeaf)];
    expect((await ask({ old: 7, size: 7, of: forked }, treeOf(7))).status).toBe(422);
    expect((await ask({ old: 7, size: 20, of: forked }, treeOf(7))).status).toBe(422);
    expect((await ask({ old: 7, size: 20, proof: [] }, treeOf(7))).status).toBe(422);
    expect((await ask({ old: 0, size: 20, proof: [emptyRoot] })).status).toBe(422);
    expect((await ask({ old: 7, size: 7, proof: [emptyRoot] }, treeOf(7))).status).toBe(422);
  });

  test('answers 422 to an empty log with a root', async () => {
    const text = `${origin}\n0\n${Buffer.from(hashLeaf(emptyRoot)).toString('base64')}\n`;
    expect((await ask({ old: 0, size: 0, note: `${text}\n${signer.sign(text)}` })).status).toBe(422);
    const empty = signCheckpoint({ origin, size: 0, root: emptyRoot }, [signer]);
    expect((await ask({ old: 0, size: 0, note: empty })).status).toBe(200);
  });

  test('keeps the signatures that it checked, and no other', async () => {
    const more = noteAt(7) + newEcdsaSigner(origin).sign('x\n') + newSigner('a.example').sign('x\n');
    const { cosigned } = await ask({ old: 0, size: 7, note: more });
    expect(cosigned?.note.match(/^\u2014 [^ ]+/gm)).toEqual([
      `\u2014 ${origin}`,
      '\u2014 witness.example/w1',
    ]);
    expect(parseCheckpoint(cosigned?.note ?? '').size).toBe(7);
  });

  test.each([
    ['nothing', ''],
    ['no checkpoint', 'old 0\n\n'],
    ['no old size', `${noteAt(7)}`],
    ['a leading zero', `old 00\n\n${noteAt(7)}`],
    ['a hash that is none', `old 1\nAAAA\n\n${noteAt(7)}`],
    ['64 hashes', `old 1\n${`${'A'.repeat(43)}=\n`.repeat(64)}\n${noteAt(7)}`],
    ['CRLF', `old 0\r\n\r\n${noteAt(7)}`],
    ['a megabyte', `old 0\n\n${noteAt(7)}${'a'.repeat(1 << 20)}\n`],
  ])('answers 400 to %s', async (_what, body) => {
    const answer = answerAddCheckpoint(
      body,
      () => undefined,
      cosigner,
      () => at,
    );
    expect(answer.status).toBe(400);
  });

  test('answers something to whatever is sent', () => {
    const watched = () => ({ verifiers: [signer.verifier], latest: undefined });
    const good = Buffer.from(`old 0\n\n${noteAt(7)}`);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(good.length), (bytes, from) => {
        const body = Buffer.from(good);
        body.set(bytes.subarray(0, good.length - from), from);
        const changed = !body.equals(good);
        const { status } = answerAddCheckpoint(body, watched, cosigner, () => at);
        if (changed) expect([400, 403, 409, 422]).toContain(status);
      }),
    );
  });
});

describe('an answer of a witness', () => {
  test('that another signed, or that is no signature, is refused', async () => {
    const { body } = await ask({ old: 0, size: 7 });
    const stranger = newCosigner('witness.example/w1');
    expect(() => readCosignature(noteAt(7), body, stranger.verifier)).toThrow(TlogError);
    expect(() => readCosignature(noteAt(8), body, cosigner.verifier)).toThrow('is wrong');
    for (const rubbish of ['', '\n', 'ok\n', `${body}x\n`])
      expect(() => readCosignature(noteAt(7), rubbish, cosigner.verifier)).toThrow(TlogError);
  });
});
