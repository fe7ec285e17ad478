import { spawn } from 'node:child_process';
import {
  appendFile,
  mkdtemp,
  open,
  readdir,
  readFile,
  rm,
  stat,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { sourceId } from '#platform/scope';
import {
  type Damage,
  type Frame,
  type NewFrame,
  openSpool,
  type Position,
  type Spool,
  SpoolFull,
} from './index.ts';

const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});
async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'ironbark-spool-'));
  folders.push(folder);
  return folder;
}
const MiB = 1024 * 1024;
const open_ = (folder: string, more: Partial<Parameters<typeof openSpool>[0]> = {}) =>
  openSpool({ folder, capBytes: 64 * MiB, ...more });
const start: Position = { segment: 0, offset: 0 };

function frame(source: string, texts: readonly string[], clientIds?: readonly string[]): NewFrame {
  return {
    source: sourceId(source),
    wire: 'json',
    receivedAt: new Date('2026-11-23T10:00:00.123Z'),
    peer: '192.0.2.7',
    items: texts.map((text) => Buffer.from(text)),
    clientIds: clientIds ?? texts.map(() => ''),
  };
}

/** Everything there is now. */
async function drain(spool: Spool, from = start): Promise<{ frame: Frame; end: Position }[]> {
  const read: { frame: Frame; end: Position }[] = [];
  const stop = new AbortController();
  await spool.close();
  for await (const one of spool.read(from, stop.signal)) read.push(one);
  return read;
}
const texts = (read: readonly { frame: Frame }[]): string[] =>
  read.flatMap((one) => one.frame.items.map((item) => `${one.frame.source}:${item.toString()}`));
const segmentFiles = async (folder: string): Promise<string[]> =>
  (await readdir(folder))
    .filter((name) => name.endsWith('.segment'))
    .sort()
    .map((name) => join(folder, name));

describe('a frame', () => {
  test('comes back as it went in, with its number within its source', async () => {
    const folder = await newFolder();
    const spool = await open_(folder);
    expect(await spool.append(frame('a', ['one', '', 'drei\u0000ü'], ['id-1', '', 'ïd-3']))).toBe(1);
    expect(await spool.append(frame('b', ['x']))).toBe(1);
    expect(await spool.append(frame('a', ['four']))).toBe(4);
    expect(spool.lastSequence(sourceId('a'))).toBe(4);
    const [first, , third] = await drain(await reopened(spool, folder));
    expect(first?.frame).toEqual({
      ...frame('a', ['one', '', 'drei\u0000ü'], ['id-1', '', 'ïd-3']),
      firstSequence: 1,
    });
    expect(third?.frame.firstSequence).toBe(4);
  });

  test('larger than a reading chunk comes back whole', async () => {
    const spool = await open_(await newFolder());
    const large = 'x'.repeat(3 * MiB);
    await spool.append(frame('a', ['small']));
    await spool.append(frame('a', [large, 'tail']));
    expect(texts(await drain(spool))).toEqual(['a:small', `a:${large}`, 'a:tail']);
  });
});

async function reopened(spool: Spool, folder: string, more: Partial<Parameters<typeof openSpool>[0]> = {}) {
  await spool.close();
  return open_(folder, more);
}

describe('reading', () => {
  test('waits at the end, wakes on an append, and stops when aborted', async () => {
    const spool = await open_(await newFolder());
    const stop = new AbortController();
    const seen: string[] = [];
    const reader = (async () => {
      for await (const one of spool.read(start, stop.signal)) {
        seen.push(...texts([one]));
        if (seen.length === 2) stop.abort();
      }
    })();
    await spool.append(frame('a', ['1']));
    await spool.append(frame('a', ['2']));
    await reader;
    expect(seen).toEqual(['a:1', 'a:2']);
    const idle = new AbortController();
    const waiting = spool.read({ segment: 99, offset: 0 }, idle.signal)[Symbol.asyncIterator]();
    expect((await waiting.next()).value.frame.firstSequence).toBe(1); // an unknown position starts at the oldest
    await waiting.next();
    const third = waiting.next();
    idle.abort();
    expect((await third).done).toBe(true);
    await spool.close();
  });

  test('goes on exactly behind a position, over segments and reopening', async () => {
    const folder = await newFolder();
    let spool = await open_(folder, { segmentBytes: 2000 });
    for (let n = 1; n <= 100; n++) await spool.append(frame('a', [`item ${n} ${'y'.repeat(100)}`]));
    expect((await segmentFiles(folder)).length).toBeGreaterThan(5);
    const all = await drain(spool);
    expect(all.map((one) => one.frame.firstSequence)).toEqual(Array.from({ length: 100 }, (_, n) => n + 1));
    for (const at of [0, 17, 50, 98]) {
      spool = await open_(folder, { segmentBytes: 2000 });
      const rest = await drain(spool, all[at]?.end ?? start);
      expect(rest[0]?.frame.firstSequence).toBe(at + 2);
      expect(rest).toHaveLength(99 - at);
    }
  });
});

test('reading up to a position ends there, also where there is nothing to read', async () => {
  const spool = await open_(await newFolder(), { segmentBytes: 2000 });
  const readAll = async () => {
    let frames = 0;
    for await (const _ of spool.read(start, new AbortController().signal, spool.end)) frames++;
    return frames;
  };
  expect(await readAll()).toBe(0);
  for (let n = 0; n < 50; n++) await spool.append(frame('a', ['x'.repeat(100)]));
  expect(await readAll()).toBe(50);
  await spool.close();
});

describe('release', () => {
  test('deletes whole segments and never resets a sequence', async () => {
    const folder = await newFolder();
    const spool = await open_(folder, { segmentBytes: 2000 });
    for (let n = 1; n <= 30; n++) await spool.append(frame('quiet', [`q${n}`]));
    for (let n = 1; n <= 60; n++) await spool.append(frame('busy', ['z'.repeat(150)]));
    const before = spool.sizeBytes;
    const stop = new AbortController();
    let last: Position = start;
    let count = 0;
    for await (const { end } of spool.read(start, stop.signal)) {
      last = end;
      if (++count === 90) break;
    }
    await spool.release(last);
    expect(spool.sizeBytes).toBeLessThan(before);
    expect((await segmentFiles(folder)).length).toBeLessThanOrEqual(2);
    const again = await reopened(spool, folder, { segmentBytes: 2000 });
    expect(again.lastSequence(sourceId('quiet'))).toBe(30);
    expect(await again.append(frame('quiet', ['next']))).toBe(31);
    expect(await again.append(frame('busy', ['next']))).toBe(61);
    await again.close();
  });

  test('a folder that was lost gives no number again that the caller has seen', async () => {
    const spool = await open_(await newFolder(), { atLeast: new Map([['a', 500]]) });
    expect(await spool.append(frame('a', ['x']))).toBe(501);
    await spool.close();
  });
});

describe('over capacity', () => {
  test('the cap refuses with SpoolFull, and takes again after a release', async () => {
    const folder = await newFolder();
    const spool = await open_(folder, { capBytes: 100_000 });
    const accepted: number[] = [];
    let refused = 0;
    for (let n = 0; n < 40; n++) {
      await spool.append(frame('a', ['x'.repeat(5000)])).then(
        (first) => accepted.push(first),
        (cause: unknown) => {
          expect(cause).toBeInstanceOf(SpoolFull);
          refused++;
        },
      );
    }
    expect(refused).toBeGreaterThan(0);
    expect(spool.sizeBytes).toBeLessThanOrEqual(100_000);
    expect(accepted).toEqual(accepted.map((_, n) => n + 1));
    const stop = new AbortController();
    let last: Position = start;
    let seen = 0;
    for await (const { end } of spool.read(start, stop.signal)) {
      last = end;
      if (++seen === accepted.length) break;
    }
    await spool.release(last);
    expect(await spool.append(frame('a', ['x'.repeat(5000)]))).toBe(accepted.length + 1);
    await spool.close();
  });

  test('a file system that takes no more refuses, leaves no torn record, and takes again once there is room', async () => {
    // The limit on file size stands in for a full disk: the same failed write half-way through a record.
    const folder = await newFolder();
    const script = `
      import { openSpool } from ${JSON.stringify(new URL('./index.ts', import.meta.url).href)};
      const spool = await openSpool({ folder: process.argv[1], capBytes: 1e9, segmentBytes: 1e8 });
      const item = Buffer.alloc(10_000, 120);
      const out = [];
      for (let n = 0; n < 60; n++) {
        await spool.append({ source: 'a', wire: 'line', receivedAt: new Date(), peer: '', items: [item], clientIds: [''] })
          .then((first) => out.push(first), (cause) => out.push(cause.code));
      }
      console.log(JSON.stringify(out));
      await spool.close();`;
    const child = spawn(
      'sh',
      ['-c', 'ulimit -f 500; exec "$0" --input-type=module -e "$1" "$2"', process.execPath, script, folder],
      { cwd: new URL('../../..', import.meta.url) },
    );
    const output = await new Response(child.stdout).text();
    const out: unknown = JSON.parse(output);
    const numbers = Array.isArray(out) ? out.filter((one) => typeof one === 'number') : [];
    expect(out).toContain('spool-full');
    expect(numbers.length).toBeGreaterThan(10);
    const damages: Damage[] = [];
    const spool = await open_(folder, { capBytes: 1000 * MiB, onDamage: (damage) => damages.push(damage) });
    expect(damages).toEqual([]);
    expect(await spool.append(frame('a', ['room again']))).toBe(numbers.length + 1);
    expect(await drain(spool)).toHaveLength(numbers.length + 1);
  });
});

describe('damage', () => {
  test('a record in the middle is counted, kept and left out; all others are read', async () => {
    const folder = await newFolder();
    const spool = await open_(folder);
    for (let n = 1; n <= 9; n++) await spool.append(frame('a', [`item-${n}`]));
    await spool.close();
    const [file] = await segmentFiles(folder);
    if (file === undefined) throw new Error('no segment');
    const at = (await readFile(file)).indexOf('item-5');
    await overwrite(file, at, Buffer.from('ITEM'));
    const damages: Damage[] = [];
    const again = await open_(folder, { onDamage: (damage) => damages.push(damage) });
    expect(again.lastSequence(sourceId('a'))).toBe(9);
    const read = await drain(again);
    expect(read.map((one) => one.frame.firstSequence)).toEqual([1, 2, 3, 4, 6, 7, 8, 9]);
    expect(damages).toHaveLength(1);
    expect(damages[0]?.kind).toBe('record');
    expect((await readFile(damages[0]?.keptAs ?? '')).includes('ITEM-5')).toBe(true);
    expect(again.damages).toBe(1);
  });

  test('an item that looks like a record is not taken for one behind a damaged place', async () => {
    const folder = await newFolder();
    const other = await open_(await newFolder());
    await other.append(frame('victim', ['forged']));
    await other.close();
    const [otherFile] = await segmentFiles(folders.at(-1) ?? '');
    const forged = await readFile(otherFile ?? '');
    const spool = await open_(folder);
    await spool.append({ ...frame('attacker', ['']), items: [forged] });
    await spool.append(frame('a', ['good']));
    await spool.close();
    const [file] = await segmentFiles(folder);
    const recordAt = (await readFile(file ?? '')).indexOf('attacker') - 24 - 20;
    await overwrite(file ?? '', recordAt + 8, Buffer.from([1, 2]));
    expect(texts(await drain(await open_(folder)))).toEqual(['a:good']);
  });
});

async function overwrite(file: string, at: number, bytes: Buffer): Promise<void> {
  const handle = await open(file, 'r+');
  await handle.write(bytes, 0, bytes.length, at);
  await handle.close();
}

describe('after a crash', () => {
  const op = fc.record({
    source: fc.constantFrom('a', 'b', 'c'),
    items: fc.array(fc.string({ maxLength: 60 }), { minLength: 1, maxLength: 5 }),
  });

  test('INVARIANT: cut at any byte, every frame before the cut is there once, in order, and numbers go on', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(op, { minLength: 1, maxLength: 25 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        async (ops, cutAt) => {
          const folder = await newFolder();
          const spool = await open_(folder, { segmentBytes: 1500 });
          for (const { source, items } of ops) await spool.append(frame(source, items));
          const before = await drain(spool);
          expect(texts(before)).toEqual(
            ops.flatMap(({ source, items }) => items.map((item) => `${source}:${item}`)),
          );

          const newest = (await segmentFiles(folder)).at(-1) ?? '';
          const number = Number(/(\d{10})-/.exec(newest)?.[1]);
          const cut = Math.floor((await stat(newest)).size * cutAt);
          await truncate(newest, cut);
          const kept = before.filter(({ end }) => end.segment < number || end.offset <= cut);
          const again = await open_(folder, { segmentBytes: 1500 });
          for (const source of ['a', 'b', 'c']) {
            const last = kept.filter((one) => one.frame.source === source).at(-1)?.frame;
            expect(again.lastSequence(sourceId(source))).toBe(
              last === undefined ? 0 : last.firstSequence + last.items.length - 1,
            );
          }
          await again.append(frame('a', ['after']));
          expect(texts(await drain(again))).toEqual([...texts(kept), 'a:after']);
        },
      ),
      { numRuns: 60 },
    );
  });

  test('a flipped bit anywhere loses at most the records it touches and never stops the spool', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(op, { minLength: 3, maxLength: 12 }),
        fc.nat(),
        fc.nat({ max: 7 }),
        async (ops, place, bit) => {
          const folder = await newFolder();
          const spool = await open_(folder, { segmentBytes: 1500 });
          for (const { source, items } of ops) await spool.append(frame(source, items));
          const all = texts(await drain(spool));
          const files = await segmentFiles(folder);
          const file = files[place % files.length] ?? '';
          const bytes = await readFile(file);
          const at = place % bytes.length;
          bytes.writeUInt8(bytes.readUInt8(at) ^ (1 << bit), at);
          await writeFile(file, bytes);
          const read = texts(await drain(await open_(folder, { segmentBytes: 1500 })));
          expect(isSubsequence(read, all)).toBe(true);
          expect(read.length).toBeGreaterThanOrEqual(all.length - 5);
        },
      ),
      { numRuns: 60 },
    );
  });

  test('garbage behind the last record is cut off and kept aside', async () => {
    const folder = await newFolder();
    const spool = await open_(folder);
    await spool.append(frame('a', ['one']));
    await spool.close();
    const [file] = await segmentFiles(folder);
    await appendFile(file ?? '', Buffer.alloc(300, 7));
    const damages: Damage[] = [];
    const again = await open_(folder, { onDamage: (damage) => damages.push(damage) });
    expect(damages.map(({ kind, sizeBytes }) => ({ kind, sizeBytes }))).toEqual([
      { kind: 'torn-tail', sizeBytes: 300 },
    ]);
    expect(await again.append(frame('a', ['two']))).toBe(2);
    expect(texts(await drain(again))).toEqual(['a:one', 'a:two']);
  });

  test('kill -9 under load: every acknowledged frame is there, once, in order', async () => {
    for (let round = 0; round < 4; round++) {
      const folder = await newFolder();
      const script = `
        import { openSpool } from ${JSON.stringify(new URL('./index.ts', import.meta.url).href)};
        const spool = await openSpool({ folder: process.argv[1], capBytes: 1e9, segmentBytes: 200_000 });
        const one = async (source) => {
          for (let n = 1; ; n++) {
            const first = await spool.append({ source, wire: 'line', receivedAt: new Date(), peer: '',
              items: [Buffer.from(source + n + 'x'.repeat(n % 2000))], clientIds: [''] });
            process.stdout.write(source + ' ' + n + ' ' + first + '\\n');
          }
        };
        await Promise.all(['a', 'b', 'c', 'd'].map(one));`;
      const child = spawn(process.execPath, ['--input-type=module', '-e', script, folder], {
        cwd: new URL('../../..', import.meta.url),
      });
      const acknowledged = new Map<string, number>();
      let lines = 0;
      for await (const line of createInterface(child.stdout)) {
        const [source = '', n, first] = line.split(' ');
        if (first === undefined) continue;
        expect(n).toBe(first);
        acknowledged.set(source, Number(first));
        if (++lines === 150 + round * 333) child.kill('SIGKILL');
      }
      const spool = await open_(folder, { capBytes: 1000 * MiB });
      const read = await drain(spool);
      for (const [source, last] of acknowledged) {
        const own = read.filter((one) => one.frame.source === source);
        expect(own.map((one) => one.frame.firstSequence)).toEqual(own.map((_, n) => n + 1));
        expect(own.length).toBeGreaterThanOrEqual(last);
        expect(own.every((one, n) => one.frame.items[0]?.toString().startsWith(`${source}${n + 1}`))).toBe(
          true,
        );
      }
    }
  });
});

function isSubsequence(part: readonly string[], whole: readonly string[]): boolean {
  let at = 0;
  for (const one of whole) if (part[at] === one) at++;
  return at === part.length;
}
