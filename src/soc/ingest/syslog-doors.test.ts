import { createHash, X509Certificate } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { connect as tlsConnect } from 'node:tls';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Records } from '#platform/records';
import { createTestRecords } from '#platform/records/testing';
import { DoorTaken, type DoorKind, openIngest, createDedupe } from './index.ts';
import { createWorld, eventually, uniqueId, type World } from './testing.ts';

let records: Records;
let world: World;
const kinds: readonly DoorKind[] = ['syslog-udp', 'syslog-tcp', 'syslog-tls'];
beforeAll(async () => {
  records = await createTestRecords();
  world = await createWorld(records, { kinds });
  for (const kind of kinds) await onListener(world, kind, `at-${kind}`, '127.0.0.1');
});
afterAll(async () => {
  await world.close();
  await records.close();
});

async function onListener(where: World, listener: string, id: string, from: string): Promise<void> {
  await where.sources.create(where.operator, {
    id,
    name: id,
    tenancy: 'acme-odce',
    authentication: { kind: 'listener', listener, from },
  });
}
const pem = (name: string): string =>
  readFileSync(new URL(`../../../test/fixtures/tls/${name}`, import.meta.url), 'utf8');
const tcp = (where = world): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const socket = connect(where.port('syslog-tcp'), '127.0.0.1', () => resolve(socket)).on('error', reject);
  });
/** All texts of the source, once one of them contains `mark`. */
const until = (id: string, mark: string, where = world): Promise<string[]> =>
  eventually(async () => {
    const texts = await where.texts(id);
    return texts.some((text) => text.includes(mark)) && texts;
  });
const counted = (text: string): string => `${Buffer.byteLength(text)} ${text}`;

describe('TCP', () => {
  test('both framings, split anywhere, come into the spool in order', async () => {
    const socket = await tcp();
    socket.write('<13>tcp-1\n<13>tc');
    await until('at-syslog-tcp', 'tcp-1');
    socket.end(`p-2\n${counted('<13>tcp-3\nsecond line')}<13>tcp-4 last without end`);
    const texts = await until('at-syslog-tcp', 'tcp-4');
    expect(texts.filter((text) => text.includes('tcp-'))).toEqual([
      '<13>tcp-1',
      '<13>tcp-2',
      '<13>tcp-3\nsecond line',
      '<13>tcp-4 last without end',
    ]);
    const [frame] = await world.frames('at-syslog-tcp');
    expect(frame).toMatchObject({ wire: 'syslog', peer: '127.0.0.1' });
  });

  test('a frame that lies about its length is rejected and kept; what follows is taken', async () => {
    const socket = await tcp();
    socket.end(`10 <13>liar-and-its-rest${counted('<13>after-liar')}`);
    await until('at-syslog-tcp', 'after-liar');
    const kept = await eventually(async () =>
      (await world.rejected('at-syslog-tcp')).items.find(({ code }) => code === 'syslog-frame-length'),
    );
    expect(kept.preview).toBe('nd-its-rest');
  });

  test('a line of a gigabyte is rejected with its start, what follows is taken, and memory stays bounded', async () => {
    const socket = await tcp();
    const chunk = Buffer.alloc(1024 * 1024, 120);
    const before = process.memoryUsage().rss;
    for (let sent = 0; sent < 1024; sent++) {
      if (!socket.write(chunk)) await new Promise((resolve) => socket.once('drain', resolve));
    }
    socket.end('\n<13>after-gigabyte\n');
    await until('at-syslog-tcp', 'after-gigabyte');
    expect(process.memoryUsage().rss - before).toBeLessThan(300e6);
    const kept = await eventually(async () =>
      (await world.rejected('at-syslog-tcp')).items.find(({ code }) => code === 'syslog-too-long'),
    );
    expect(kept.sizeBytes).toBe(1024 ** 3);
  });

  test('a peer that breaks off in the middle leaves its half as rejected', async () => {
    const socket = await tcp();
    socket.write(counted('<13>before-break'));
    await until('at-syslog-tcp', 'before-break');
    socket.write('500 <13>only half');
    await new Promise((resolve) => setImmediate(resolve));
    socket.resetAndDestroy();
    const kept = await eventually(async () =>
      (await world.rejected('at-syslog-tcp')).items.find(({ code }) => code === 'syslog-incomplete'),
    );
    expect('<13>only half'.startsWith(kept.preview)).toBe(true);
  });

  test('received = rejected + pending, also after all of this', async () => {
    const balance = await world.balance('at-syslog-tcp');
    expect(balance.received).toBe(balance.stored + balance.rejected + balance.pending);
    expect(balance.rejected).toBe(3);
  });

  test('a full spool holds the sender back, and everything arrives once there is room', async () => {
    const small = await createWorld(records, {
      kinds: ['syslog-tcp'],
      doorPrefix: 'small-',
      spoolCapBytes: 300_000,
    });
    try {
      const id = uniqueId();
      await onListener(small, 'small-syslog-tcp', id, '127.0.0.0/8');
      const socket = await tcp(small);
      const lines = Array.from({ length: 1000 }, (_, n) => `<13>line ${n} ${'y'.repeat(1000)}`);
      socket.end(`${lines.join('\n')}\n`);
      const got: string[] = [];
      const stop = new AbortController();
      await eventually(() => small.spool.sizeBytes > 200_000);
      for await (const { frame, end } of small.spool.read({ segment: 0, offset: 0 }, stop.signal)) {
        got.push(...frame.items.map((item) => item.toString()));
        await small.spool.release(end);
        if (got.length >= lines.length) break;
      }
      expect(got).toEqual(lines);
    } finally {
      await small.close();
    }
  });

  test('a sender that no source knows is turned away, and counted', async () => {
    const empty = await createWorld(records, { kinds: ['syslog-tcp'], doorPrefix: 'empty-' });
    try {
      const socket = await tcp(empty);
      const closed = new Promise((resolve) => socket.on('close', resolve));
      socket.on('error', () => {});
      socket.write('<13>hello\n');
      await closed;
      expect((await empty.ingest.stats()).doors[0]?.unknownSenders).toBe(1);
    } finally {
      await empty.close();
    }
  });

  test('a paused source is turned away, and what it sent is counted as refused', async () => {
    const id = uniqueId();
    const paused = await createWorld(records, { kinds: ['syslog-tcp'], doorPrefix: 'paused-' });
    try {
      await onListener(paused, 'paused-syslog-tcp', id, '0.0.0.0/0');
      await paused.sources.change(paused.operator, id, { state: 'paused' });
      const socket = await tcp(paused);
      const closed = new Promise((resolve) => socket.on('close', resolve));
      socket.on('error', () => {});
      socket.write('<13>one\n<13>two\n');
      await closed;
      expect(await paused.balance(id)).toMatchObject({ received: 0, refused: 2 });
    } finally {
      await paused.close();
    }
  });
});

describe('TLS', () => {
  const fingerprint = (name: string): string =>
    createHash('sha256')
      .update(new X509Certificate(pem(name)).raw)
      .digest('hex');
  const tls = (certificate?: string) =>
    tlsConnect({
      port: world.port('syslog-tls'),
      host: '127.0.0.1',
      ca: pem('server.crt'),
      servername: 'localhost',
      ...(certificate === undefined
        ? {}
        : { cert: pem(`${certificate}.crt`), key: pem(`${certificate}.key`) }),
    });

  test('a client certificate is its source; another or none is the source of the listener', async () => {
    const id = uniqueId();
    await world.sources.create(world.operator, {
      id,
      name: id,
      tenancy: 'acme-odce',
      authentication: { kind: 'client-certificate', sha256Fingerprint: fingerprint('client.crt') },
    });
    tls('client').end(counted('<13>with-certificate'));
    tls('stranger').end(counted('<13>with-another'));
    tls().end(counted('<13>with-none'));
    expect(await until(id, 'with-certificate')).toEqual(['<13>with-certificate']);
    await until('at-syslog-tls', 'with-another');
    await until('at-syslog-tls', 'with-none');
  });

  test('what is no TLS is turned away, and counted', async () => {
    const socket = connect(world.port('syslog-tls'), '127.0.0.1');
    socket.on('error', () => {});
    socket.end('<13>plain text\n');
    await eventually(async () =>
      (await world.ingest.stats()).doors.some(
        (door) => door.kind === 'syslog-tls' && (door.unknownSenders ?? 0) > 0,
      ),
    );
  });
});

describe('UDP', () => {
  async function send(where: World, ...datagrams: (string | Buffer)[]): Promise<void> {
    const socket = createSocket('udp4');
    for (const datagram of datagrams) {
      await new Promise((resolve) => socket.send(datagram, where.port('syslog-udp'), '127.0.0.1', resolve));
    }
    socket.close();
  }

  test('a datagram is a message, without its line end; an empty one is none', async () => {
    await send(world, '<13>udp-1\n', '', '\n', Buffer.from([0x3c, 0xff, 0x3e]), '<13>udp-2\0');
    const texts = await until('at-syslog-udp', 'udp-2');
    expect(texts).toEqual(['<13>udp-1', '<\ufffd>', '<13>udp-2']);
    const [frame] = await world.frames('at-syslog-udp');
    expect(frame).toMatchObject({ wire: 'syslog', peer: '127.0.0.1' });
  });

  test('drops of the kernel are read, where it tells', async () => {
    const { doors } = await world.ingest.stats();
    expect(doors.find(({ kind }) => kind === 'syslog-udp')?.kernelDrops).toBe(
      process.platform === 'linux' ? 0 : undefined,
    );
  });

  test('what comes while the spool is full is counted as refused', async () => {
    const small = await createWorld(records, {
      kinds: ['syslog-udp'],
      doorPrefix: 'small-',
      spoolCapBytes: 20_000,
    });
    try {
      const id = uniqueId();
      await onListener(small, 'small-syslog-udp', id, '127.0.0.1');
      for (let n = 0; n < 40; n++) await send(small, `<13>${'z'.repeat(2000)}`);
      const { refused } = await eventually(async () => {
        const balance = await small.balance(id);
        return balance.received + balance.refused === 40 && balance;
      });
      expect(refused).toBeGreaterThan(20);
    } finally {
      await small.close();
    }
  });
});

test('an address that is taken stops the start with the reason, and leaves no door open', async () => {
  const door = {
    id: 'again',
    kind: 'syslog-tcp',
    host: '127.0.0.1',
    port: world.port('syslog-tcp'),
  } as const;
  const udp = { id: 'first', kind: 'syslog-udp', host: '127.0.0.1', port: 0 } as const;
  const { spool, sources } = world;
  const log = { info: () => {}, warn: () => {}, error: () => {} };
  const opening = openIngest({
    spool,
    sources,
    dedupe: createDedupe(),
    clock: { now: () => new Date() },
    log,
    doors: [udp, door],
  });
  await expect(opening).rejects.toThrow(DoorTaken);
  await expect(opening).rejects.toThrow('another program listens there');
});

test('nothing of all this was a fault of ours', () => {
  expect(world.faults).toEqual([]);
});
