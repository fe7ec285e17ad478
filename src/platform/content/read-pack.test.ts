import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { buffer } from 'node:stream/consumers';
import { crc32, deflateRawSync, gzipSync } from 'node:zlib';
import { type Header, pack as tarPack } from 'tar-stream';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { PackRefused } from './errors.ts';
import { packLimits } from './pack-files.ts';
import { readPack, readPackBytes } from './read-pack.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(`${tmpdir()}/ironbark-pack-`);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

type Entry = { path: string; text?: string | Buffer; type?: Header['type']; mode?: number; says?: number };
const rules: Entry[] = [
  { path: 'rules/b.yml', text: 'title: B\n' },
  { path: 'rules/a.yml', text: 'title: Ä\n' },
  { path: 'logo.png', text: 'not content' },
];

function tar(entries: readonly Entry[]): Promise<Buffer> {
  const made = tarPack();
  for (const { path, text = '', type = 'file' } of entries)
    if (type === 'file') made.entry({ name: path }, text);
    else made.entry({ name: path, type, linkname: '/etc/passwd' });
  made.finalize();
  return buffer(made);
}

/** A zip as any archiver makes it, and as none would: `says` is the size it claims. @see PKWARE APPNOTE 4.3 */
function zip(entries: readonly Entry[]): Buffer {
  const locals: Buffer[] = [];
  const central: Buffer[] = [];
  let at = 0;
  for (const { path, text = '', mode = 0o100644, says } of entries) {
    const name = Buffer.from(path);
    const plain = Buffer.from(text);
    const packed = deflateRawSync(plain);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(8, 4);
    common.writeUInt32LE(crc32(plain), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(says ?? plain.length, 18);
    common.writeUInt16LE(name.length, 22);
    const local = Buffer.concat([Buffer.from('PK\u0003\u0004', 'latin1'), common, name, packed]);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE((mode << 16) >>> 0, 6);
    rest.writeUInt32LE(at, 10);
    central.push(Buffer.concat([Buffer.from('PK\u0001\u0002\u001e\u0003', 'latin1'), common, rest, name]));
    locals.push(local);
    at += local.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.write('PK\u0005\u0006', 'latin1');
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...locals, directory, end]);
}

const packings: [string, (entries: readonly Entry[]) => Promise<Buffer>][] = [
  ['.zip', (entries) => Promise.resolve(zip(entries))],
  ['.tar', tar],
  ['.tar.gz', async (entries) => gzipSync(await tar(entries))],
];

test('the same files are the same pack, in whichever way they came', async () => {
  mkdirSync(`${folder}/rules`);
  for (const { path, text = '' } of rules) writeFileSync(`${folder}/${path}`, text);
  const wanted = await readPack(folder);
  expect(wanted).toMatchObject({
    files: [
      { path: 'rules/a.yml', text: 'title: Ä\n' },
      { path: 'rules/b.yml', text: 'title: B\n' },
    ],
    bytes: 19,
    skipped: 1,
  });
  for (const [ending, make] of packings) {
    // The bytes say what it is; the name is the sender's.
    expect(
      await readPackBytes(`anything${ending === '.zip' ? '' : '.zip'}`, await make(rules)),
      ending,
    ).toEqual(wanted);
    writeFileSync(`${folder}.packed`, await make(rules));
    expect(await readPack(`${folder}.packed`)).toEqual(wanted);
    rmSync(`${folder}.packed`);
  }
});

test('one file is a pack of one', async () => {
  writeFileSync(`${folder}/one.yml`, 'title: One\n');
  expect((await readPack(`${folder}/one.yml`)).files).toEqual([{ path: 'one.yml', text: 'title: One\n' }]);
});

describe.each(packings)('%s', (_, make) => {
  test.each(['../out.yml', 'a/../../out.yml', '/etc/cron.d/x.yml', 'C:/x.yml', 'a\\..\\b.yml', './../x.yml'])(
    'with the path %s is refused whole',
    async (path) => {
      await expect(readPackBytes('x', await make([...rules, { path, text: 'x' }]))).rejects.toThrow(
        PackRefused,
      );
    },
  );

  test('over a limit is refused', async () => {
    const packed = await make(rules);
    await expect(readPackBytes('x', packed, { ...packLimits, files: 1 })).rejects.toThrow(
      'more than 1 files',
    );
    await expect(readPackBytes('x', packed, { ...packLimits, entries: 2 })).rejects.toThrow(
      'more than 2 entries',
    );
    await expect(readPackBytes('x', packed, { ...packLimits, fileBytes: 9 })).rejects.toThrow(
      'larger than 9 bytes',
    );
  });

  test('that is cut short is refused', async () => {
    const packed = await make([
      {
        path: 'long.yml',
        text: Buffer.from(
          Array.from({ length: 5000 }, (_unused, index) => `k${index}: ${index * 7919}`).join('\n'),
        ),
      },
    ]);
    await expect(readPackBytes('x', packed.subarray(0, packed.length / 2))).rejects.toThrow(PackRefused);
  });
});

test.each(packings.filter(([ending]) => ending !== '.tar'))(
  'a %s that unpacks to far more than its size is refused',
  async (_, make) => {
    const bomb = await make(
      Array.from({ length: 20 }, (_unused, index) => ({ path: `${index}.yml`, text: Buffer.alloc(1 << 20) })),
    );
    expect(bomb.length).toBeLessThan(1 << 17);
    await expect(readPackBytes('x', bomb)).rejects.toThrow('unpacks to far more');
  },
);

test('links are left out, in a folder and in archives', async () => {
  writeFileSync(`${folder}/a.yml`, 'title: A\n');
  symlinkSync('/etc/passwd', `${folder}/link.yml`);
  symlinkSync('/etc', `${folder}/etc`);
  const packs = [
    await readPack(folder),
    await readPackBytes(
      'x',
      await tar([
        { path: 'a.yml', text: 'title: A\n' },
        { path: 'link.yml', type: 'symlink' },
        { path: 'etc.yml', type: 'link' },
      ]),
    ),
    await readPackBytes(
      'x',
      zip([
        { path: 'a.yml', text: 'title: A\n' },
        { path: 'link.yml', text: '/etc/passwd', mode: 0o120777 },
        { path: 'etc.yml', text: '/etc', mode: 0o120777 },
      ]),
    ),
  ];
  for (const { files, skipped } of packs) {
    expect(files.map(({ path }) => path)).toEqual(['a.yml']);
    expect(skipped).toBe(2);
  }
  symlinkSync(folder, `${folder}.link`);
  await expect(readPack(`${folder}.link`)).rejects.toThrow(PackRefused);
  rmSync(`${folder}.link`);
});

test('a zip entry that unpacks to more than it says is refused', async () => {
  await expect(
    readPackBytes('x', zip([{ path: 'a.yml', text: Buffer.alloc(100_000), says: 10 }])),
  ).rejects.toThrow(PackRefused);
});

test('a file of the same path twice is refused, and so is a pack of nothing', async () => {
  await expect(
    readPackBytes(
      'x',
      zip([
        { path: 'a.yml', text: '1' },
        { path: 'a.yml', text: '2' },
      ]),
    ),
  ).rejects.toThrow('twice');
  await expect(readPackBytes('x.png', Buffer.from('png'))).rejects.toThrow(PackRefused);
  await expect(readPack(`${folder}/nothing`)).rejects.toThrow('nothing of that name');
});
