import { createServer, type Server } from 'node:http';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Conflict, Invalid, NotAllowed, NotFound } from '#platform/errors';
import { postgresPrograms, createTestRecords, startPostgres } from '#platform/records/testing';
import { openRecords, type Records } from '#platform/records';
import { sql } from 'kysely';
import { systemAccess } from '#platform/scope';
import { FetchRefused, PackInUse, PackOlder, PackRefused, PackUntrusted } from './errors.ts';
import { fetchPack } from './fetch-pack.ts';
import { packKey } from './keys.ts';
import { packOf } from './pack-files.ts';
import { readPackBytes } from './read-pack.ts';
import { sealName } from './seal.ts';
import { keeper, noteKind, notes, sealedNotes, testContent, testPair } from './testing.ts';

const programs = postgresPrograms();
const engines = programs === undefined ? ['pglite'] : ['pglite', 'postgres'];

describe.each(engines)('on %s', (engine) => {
  let records: Records;
  let stop = async (): Promise<void> => undefined;
  beforeAll(async () => {
    if (engine === 'pglite') records = await createTestRecords();
    else {
      const server = await startPostgres(programs ?? '');
      stop = () => server.stop();
      records = await openRecords({ url: await server.newDatabase() });
    }
  }, 120_000);
  afterAll(async () => {
    await records.close();
    await stop();
  });
  afterEach(() =>
    records.transaction(systemAccess('test'), async (tx) => {
      await sql`delete from platform.content_pack`.execute(tx);
      await sql`delete from platform.content_key`.execute(tx);
    }),
  );

  const plain = (texts: Record<string, string>, version: string) => ({
    file: 'diary.zip',
    name: 'diary',
    version,
    origin: 'test',
    content: packOf(notes(texts)),
  });
  const sealed = (content: ReturnType<typeof sealedNotes>) => ({
    file: 'diary.zip',
    origin: 'test',
    content,
  });

  test('versions lie side by side; one is active; back is the one that was active before', async () => {
    const { content, heard, ledger } = testContent(records);
    const one = await content.add(keeper, {
      ...plain({ 'a.txt': '1', 'b.txt': 'bad' }, '1'),
      activate: true,
    });
    expect(one).toMatchObject({
      kind: 'notes',
      active: true,
      there: false,
      facts: { notes: 1, rejected: 1 },
      faults: [{ file: 'b.txt', what: 'note', why: 'it is bad' }],
      signature: { state: 'plain' },
    });
    const two = await content.add(keeper, plain({ 'a.txt': '2' }, '2'));
    expect(two.active).toBe(false);
    await content.setActive(keeper, two.id, { active: true });
    expect(await content.rollBack(keeper, { kind: 'notes', name: 'diary' })).toMatchObject({
      version: '1',
      active: true,
    });
    await expect(content.remove(keeper, one.id)).rejects.toThrow(PackInUse);
    await content.setActive(keeper, one.id, { active: false });
    await content.remove(keeper, two.id);
    expect((await content.list()).packs.map(({ version }) => version)).toEqual(['1']);
    await expect(content.detail(two.id)).rejects.toThrow(NotFound);
    expect(heard).toEqual([
      'saved 1',
      'activated 1 after nothing',
      'saved 2',
      'activated 2 after 1',
      'activated 1 after 2',
      'at rest 1',
      'removed 2',
    ]);
    expect(ledger).toEqual([
      'content.added 1',
      'content.activated 1',
      'content.added 2',
      'content.activated 2',
      'content.rolled-back 1',
      'content.deactivated 1',
      'content.removed 2',
    ]);
  });

  test('the same content again is the version that is there, and is saved once', async () => {
    const { content, heard, ledger } = testContent(records);
    const one = await content.add(keeper, plain({ 'a.txt': '1' }, '1'));
    const again = await content.add(keeper, plain({ 'a.txt': '1', 'left-out.md': 'x' }, '2'));
    expect(again).toMatchObject({ id: one.id, version: '1', there: true });
    expect([heard, ledger]).toEqual([['saved 1'], ['content.added 1']]);
  });

  test('the difference of two versions is told by file and in the words of the kind', async () => {
    const { content } = testContent(records);
    const one = await content.add(keeper, plain({ 'a.txt': '1', 'b.txt': '1', 'c.txt': '1' }, '1'));
    const two = await content.add(keeper, plain({ 'a.txt': '1', 'b.txt': '2', 'd.txt': '1' }, '2'));
    const diff = await content.diff(two.id, one.id);
    expect(diff.files).toEqual([
      { change: 'removed', path: 'c.txt' },
      { change: 'changed', path: 'b.txt' },
      { change: 'added', path: 'd.txt' },
    ]);
    expect(diff.changes).toEqual([{ change: 'changed', id: 'all', title: '3 notes became 3' }]);
    expect([diff.from.version, diff.to.version]).toEqual(['1', '2']);
  });

  test('what a module throws on activation leaves everything as it was', async () => {
    const kind = {
      ...noteKind(),
      activated: async () => {
        throw new Conflict('Not now.');
      },
    };
    const { content } = testContent(records, { kinds: [kind] });
    await expect(content.add(keeper, { ...plain({ 'a.txt': '1' }, '1'), activate: true })).rejects.toThrow(
      'Not now.',
    );
    expect((await content.list()).packs).toEqual([]);
    const { id } = await content.add(keeper, plain({ 'a.txt': '1' }, '1'));
    await expect(content.setActive(keeper, id, { active: true })).rejects.toThrow('Not now.');
    expect((await content.list()).packs.map(({ active }) => active)).toEqual([false]);
  });

  test('what it is, is told by its content; what could be two kinds has to be named', async () => {
    const other = { ...noteKind(), kind: 'poems' };
    const { content } = testContent(records, { kinds: [noteKind(), other] });
    await expect(content.add(keeper, plain({ 'a.txt': '1' }, '1'))).rejects.toThrow('notes, poems');
    await expect(content.add(keeper, plain({ 'a.md': '1' }, '1'))).rejects.toThrow("can't be told");
    await expect(content.add(keeper, { ...plain({ 'a.txt': '1' }, '1'), kind: 'songs' })).rejects.toThrow(
      Invalid,
    );
    expect((await content.add(keeper, { ...plain({ 'a.txt': '1' }, '1'), kind: 'poems' })).kind).toBe(
      'poems',
    );
  });

  test("a kind's own permission is asked for by every change", async () => {
    const { content } = testContent(records, { kinds: [{ ...noteKind(), permission: 'note.manage' }] });
    await expect(content.add(keeper, plain({ 'a.txt': '1' }, '1'))).rejects.toThrow(NotAllowed);
    const may = { ...keeper, permissions: new Set(['note.manage']) };
    const { id } = await content.add(may, { ...plain({ 'a.txt': '1' }, '1'), activate: true });
    for (const change of [
      () => content.setActive(keeper, id, { active: false }),
      () => content.rollBack(keeper, { kind: 'notes', name: 'diary' }),
      () => content.remove(keeper, id),
    ])
      await expect(change()).rejects.toThrow(NotAllowed);
  });

  describe.each(['ed25519', 'P-384'] as const)('signed with %s', (curve) => {
    const ours = testPair(curve);
    const theirs = testPair(curve);
    const trusting = () => testContent(records, { trusted: [packKey('Wattle', ours.publicKey)] });

    test('a pack says who vouches for it, and names itself', async () => {
      const { content } = trusting();
      const added = await content.add(
        keeper,
        sealed(sealedNotes({ 'a.txt': '1' }, { version: '1', signer: ours.signer })),
      );
      expect(added).toMatchObject({
        kind: 'notes',
        name: 'diary',
        version: '1',
        signature: { state: 'signed', key: ours.id, keyName: 'Wattle', signedAt: '2026-05-01T00:00:00.000Z' },
      });
    });

    test('by a key that is not trusted it is refused, with the key, and nothing is kept', async () => {
      const { content, ledger } = trusting();
      const pack = sealedNotes({ 'a.txt': '1' }, { version: '1', signer: theirs.signer });
      await expect(content.add(keeper, sealed(pack))).rejects.toThrow(PackUntrusted);
      await expect(content.add(keeper, sealed(pack))).rejects.toThrow(theirs.id);
      expect([(await content.list()).packs, ledger]).toEqual([[], []]);
    });

    test.each([
      ['a file altered', (files) => files.map((file) => ({ ...file, text: `${file.text} ` }))],
      ['a file added', (files) => [...files, { path: 'evil.txt', text: 'x' }]],
      ['a file taken out', (files) => files.slice(1)],
      [
        'two files with their texts swapped',
        ([a, b]) => [
          { ...a!, text: b!.text },
          { ...b!, text: a!.text },
        ],
      ],
      ['a file renamed', ([a, b]) => [{ ...a!, path: 'z.txt' }, b!]],
    ] as [string, Parameters<typeof sealedNotes>[2]][])('with %s it is refused', async (_, alter) => {
      const { content } = trusting();
      const pack = sealedNotes({ 'a.txt': '1', 'b.txt': '2' }, { version: '1', signer: ours.signer }, alter);
      await expect(content.add(keeper, sealed(pack))).rejects.toThrow(PackRefused);
    });

    test('with its manifest altered it is refused as altered', async () => {
      const { content } = trusting();
      const pack = sealedNotes({ 'a.txt': '1' }, { version: '1', signer: ours.signer });
      const altered = packOf(
        pack.files.map((file) => {
          if (file.path !== sealName) return file;
          const envelope = JSON.parse(file.text);
          const manifest = JSON.parse(Buffer.from(envelope.payload, 'base64').toString());
          const payload = Buffer.from(JSON.stringify({ ...manifest, version: '9' })).toString('base64');
          return { ...file, text: JSON.stringify({ ...envelope, payload }) };
        }),
      );
      await expect(content.add(keeper, sealed(altered))).rejects.toThrow('altered after it was signed');
    });

    test('an older one sent again is taken beside the newer, said to be older, and not activated by the way', async () => {
      const { content, ledger } = trusting();
      const pack = (version: string, madeAt: string) =>
        sealed(sealedNotes({ 'a.txt': version }, { version, madeAt, signer: ours.signer }));
      await content.add(keeper, { ...pack('2', '2026-05-02T00:00:00Z'), activate: true });
      const old = pack('1', '2026-05-01T00:00:00Z');
      await expect(content.add(keeper, { ...old, activate: true })).rejects.toThrow(PackOlder);
      const taken = await content.add(keeper, old);
      expect(taken).toMatchObject({ older: true, active: false });
      await expect(content.setActive(keeper, taken.id, { active: true })).rejects.toThrow(PackOlder);
      await content.setActive(keeper, taken.id, { active: true, older: true });
      expect((await content.list()).packs.find(({ active }) => active)?.version).toBe('1');
      expect(ledger.at(-1)).toBe('content.activated 1');
    });

    test('a version means one content', async () => {
      const { content } = trusting();
      const pack = (text: string) =>
        sealed(sealedNotes({ 'a.txt': text }, { version: '1', signer: ours.signer }));
      await content.add(keeper, pack('one'));
      await expect(content.add(keeper, pack('other'))).rejects.toThrow('with other content');
    });

    test('it can not be taken in under another name, version or kind', async () => {
      const { content } = trusting();
      const pack = sealed(sealedNotes({ 'a.txt': '1' }, { version: '1', signer: ours.signer }));
      for (const other of [{ name: 'x' }, { version: '2' }, { kind: 'poems' }])
        await expect(content.add(keeper, { ...pack, ...other })).rejects.toThrow(Invalid);
    });

    test('when its key is not trusted any more it is not activated, and says so', async () => {
      const { content, ledger } = testContent(records);
      await content.trust(keeper, 'Wattle', ours.publicKey);
      const { id } = await content.add(
        keeper,
        sealed(sealedNotes({ 'a.txt': '1' }, { version: '1', signer: ours.signer })),
      );
      await content.distrust(keeper, ours.id);
      expect((await content.list()).packs[0]?.signature.state).toBe('unknown-key');
      await expect(content.setActive(keeper, id, { active: true })).rejects.toThrow('not trusted any more');
      expect(ledger).toEqual(['content.trusted Wattle', 'content.added 1', 'content.distrusted Wattle']);
    });
  });

  test('where plain packs are refused, none is taken, none is activated, and a manifest without a signature is plain', async () => {
    const before = testContent(records);
    const { id } = await before.content.add(keeper, plain({ 'a.txt': '1' }, '1'));
    const { content } = testContent(records, { plain: 'refused' });
    await expect(content.add(keeper, plain({ 'a.txt': '2' }, '2'))).rejects.toThrow(PackUntrusted);
    await expect(content.setActive(keeper, id, { active: true })).rejects.toThrow(PackUntrusted);
    await expect(
      content.add(keeper, sealed(sealedNotes({ 'a.txt': '3' }, { version: '3' }))),
    ).rejects.toThrow('nobody signed it');
    // What the program brings itself is as trusted as the program.
    const own = { kind: 'notes', name: 'own', version: '1', content: packOf(notes({ 'a.txt': '1' })) };
    expect(await content.bring({ ...keeper, kind: 'system' }, own)).toMatchObject({
      active: true,
      signature: { state: 'shipped' },
    });
  });

  test('a manifest that nobody signed is still held to', async () => {
    const { content } = testContent(records);
    const whole = sealedNotes({ 'a.txt': '1' }, { version: '1' });
    expect((await content.add(keeper, sealed(whole))).signature.state).toBe('plain');
    const altered = sealedNotes({ 'a.txt': '2' }, { version: '2' }, (files) => [
      ...files,
      { path: 'b.txt', text: 'x' },
    ]);
    await expect(content.add(keeper, sealed(altered))).rejects.toThrow(PackRefused);
  });

  test('a plain pack that comes again signed is vouched for from then on', async () => {
    const pair = testPair();
    const { content, ledger } = testContent(records, { trusted: [packKey('Wattle', pair.publicKey)] });
    const { id } = await content.add(keeper, plain({ 'a.txt': '1' }, '1'));
    const again = await content.add(
      keeper,
      sealed(sealedNotes({ 'a.txt': '1' }, { version: '1', signer: pair.signer })),
    );
    expect(again).toMatchObject({ id, there: true, signature: { state: 'signed' } });
    expect(ledger).toEqual(['content.added 1', 'content.vouched 1']);
  });

  test('two at once activate one after the other, and one of them is active', async () => {
    const { content } = testContent(records);
    const ids = [];
    for (const version of ['1', '2', '3'])
      ids.push((await content.add(keeper, plain({ 'a.txt': version }, version))).id);
    await Promise.all(ids.map((id) => content.setActive(keeper, id, { active: true })));
    expect((await content.list()).packs.filter(({ active }) => active)).toHaveLength(1);
  });

  test('a key is trusted once; private ones, other kinds and rubbish are refused; those of the configuration stay', async () => {
    const pair = testPair();
    const { content } = testContent(records, { trusted: [packKey('Set', pair.publicKey)] });
    await expect(content.trust(keeper, 'x', pair.publicKey)).rejects.toThrow(Conflict);
    await expect(content.distrust(keeper, pair.id)).rejects.toThrow(Conflict);
    await expect(content.distrust(keeper, 'nothing')).rejects.toThrow(NotFound);
    for (const bad of ['', 'x', '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----'])
      await expect(content.trust(keeper, 'x', bad)).rejects.toThrow(Invalid);
  });

  describe('a mirror', () => {
    let server: Server;
    let origin: string;
    let answer: (url: string) => { status: number; headers?: Record<string, string>; body?: Buffer };
    beforeEach(async () => {
      server = createServer((request, response) => {
        const { status, headers, body } = answer(request.url ?? '');
        response.writeHead(status, headers).end(body);
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const address = server.address();
      if (address === null || typeof address === 'string') throw new Error('it listens on a port');
      origin = `http://127.0.0.1:${address.port}`;
    });
    afterEach(() => new Promise((resolve) => server.close(resolve)));

    test('is asked only where the configuration names it', async () => {
      let asked = 0;
      answer = () => {
        asked++;
        return { status: 200, body: Buffer.from('hello') };
      };
      const { content } = testContent(records, { mirrors: [origin] });
      const added = await content.fetch(keeper, `${origin}/one.txt?token=secret`, {
        name: 'diary',
        version: '1',
      });
      expect(added).toMatchObject({ kind: 'notes', origin: `${origin}/one.txt` });
      expect(asked).toBe(1);
      await expect(testContent(records).content.fetch(keeper, `${origin}/one.txt`, {})).rejects.toThrow(
        FetchRefused,
      );
      expect(asked).toBe(1);
    });

    test('may send elsewhere on itself, and nowhere else', async () => {
      answer = (url) =>
        url === '/a'
          ? { status: 302, headers: { location: '/b.txt' } }
          : { status: 200, body: Buffer.from('hello') };
      expect(await fetchPack(`${origin}/a`)).toMatchObject({ name: 'b.txt', bytes: Buffer.from('hello') });
      answer = () => ({ status: 302, headers: { location: 'http://localhost:1/x' } });
      await expect(fetchPack(`${origin}/a`)).rejects.toThrow('redirects to another host');
      answer = () => ({ status: 302, headers: { location: '/again' } });
      await expect(fetchPack(`${origin}/a`)).rejects.toThrow('more than 3 times');
    });

    test('that sends too much, too slowly or not what was asked is refused', async () => {
      answer = () => ({ status: 200, body: Buffer.alloc(100_000) });
      await expect(
        fetchPack(`${origin}/a`, undefined, { bytes: 1000, seconds: 5, redirects: 0 }),
      ).rejects.toThrow('larger than 1000');
      // Small on the wire, large once unpacked: what is counted is what comes out.
      answer = () => ({
        status: 200,
        headers: { 'content-encoding': 'gzip' },
        body: gzipSync(Buffer.alloc(100_000)),
      });
      await expect(
        fetchPack(`${origin}/a`, undefined, { bytes: 1000, seconds: 5, redirects: 0 }),
      ).rejects.toThrow('larger than 1000');
      answer = () => ({ status: 404 });
      await expect(fetchPack(`${origin}/a`)).rejects.toThrow('answered 404');
      const stopped = AbortSignal.abort();
      await expect(fetchPack(`${origin}/a`, stopped)).rejects.toThrow(FetchRefused);
    });
  });

  test.each([
    'http://mirror.example/x.zip',
    'ftp://mirror.example/x',
    'file:///etc/passwd',
    'no address',
    'https://u:p@mirror.example/x',
  ])('%s is not fetched', async (address) => {
    await expect(fetchPack(address)).rejects.toThrow(FetchRefused);
  });
});

test('one file that was packed by itself is that file', async () => {
  const pack = await readPackBytes('scores.csv.gz', gzipSync('cve,epss\n'));
  expect(pack.files).toEqual([{ path: 'scores.csv', text: 'cve,epss\n' }]);
  await expect(readPackBytes('x.csv.gz', gzipSync(Buffer.alloc(40 << 20)))).rejects.toThrow(
    'unpacks to far more',
  );
  await expect(readPackBytes('x.csv.gz', gzipSync('x').subarray(0, 12))).rejects.toThrow(PackRefused);
});
