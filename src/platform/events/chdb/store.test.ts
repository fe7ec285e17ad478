import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { scopeOf, tenancyId } from '#platform/scope';
import { columnIndex as c } from '../columns.ts';
import {
  EventStoreFull,
  EventsNewer,
  EventsUnavailable,
  QueryFailed,
  QueryTooLarge,
  QueryTooLong,
} from '../errors.ts';
import { EventBlock } from '../event-block.ts';
import { openChdb } from './store.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(`${tmpdir()}/ironbark-events-`);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const acme = scopeOf([tenancyId('acme-odce')]) ?? raise();
function raise(): never {
  throw new Error('empty scope');
}

function block(from: number, count: number, text = ''): Uint8Array {
  const rows = new EventBlock();
  for (let index = from; index < from + count; index++) {
    rows.row();
    rows.set(c.tenancy_id, index % 2 === 0 ? 'acme-odce' : 'globex-odce');
    rows.set(c.time, Date.UTC(2026, 0, 1, 0, 0, 0, index));
    rows.set(c.source_sequence, index);
    rows.set(c.message, `m${index}${text}`);
  }
  return rows.finish();
}
const count = { sql: 'SELECT count() AS n, uniqExact(source_sequence) AS distinct FROM event', params: {} };

test('a scope reads its own events, with parameters, limits and times in ISO form', async () => {
  const store = await openChdb({ folder });
  try {
    await store.insert(block(0, 1000));
    expect(await store.query(acme, count)).toEqual([{ n: 500, distinct: 500 }]);
    expect(await store.systemQuery(count)).toEqual([{ n: 1000, distinct: 1000 }]);
    const hostile = `m4' OR 1=1 --`;
    expect(
      await store.query(acme, {
        sql: 'SELECT message, time FROM event WHERE message IN ({a:String}, {b:String})',
        params: { a: 'm4', b: hostile },
      }),
    ).toEqual([{ message: 'm4', time: '2026-01-01T00:00:00.004Z' }]);
    expect(
      await store.query(acme, {
        sql: 'SELECT message FROM event ORDER BY source_sequence DESC LIMIT 3',
        params: {},
      }),
    ).toEqual([{ message: 'm998' }, { message: 'm996' }, { message: 'm994' }]);
    expect(
      await store.query(acme, {
        sql: 'SELECT message FROM event WHERE time BETWEEN {from:DateTime64(3)} AND {to:DateTime64(3)}',
        params: { from: new Date(Date.UTC(2026, 0, 1)), to: new Date(Date.UTC(2026, 0, 1, 0, 0, 0, 3)) },
      }),
    ).toHaveLength(2);
    await expect(
      store.query(acme, { sql: 'SELECT message FROM event', params: {}, maxRows: 499 }),
    ).rejects.toThrow(QueryTooLarge);
    expect(
      await store.query(acme, { sql: 'SELECT message FROM event', params: {}, maxRows: 500 }),
    ).toHaveLength(500);
    await expect(
      store.query(acme, {
        sql: 'SELECT sum(sipHash64(number)) FROM numbers(100000000000)',
        params: {},
        maxSeconds: 1,
      }),
    ).rejects.toThrow(QueryTooLong);
    await expect(store.query(acme, { sql: 'SELECT no_such_column FROM event', params: {} })).rejects.toThrow(
      QueryFailed,
    );
    await expect(store.query(acme, { sql: 'SELECT count() FROM system.parts', params: {} })).rejects.toThrow(
      TypeError,
    );
    expect(await store.query(acme, count)).toEqual([{ n: 500, distinct: 500 }]);
    // A block's file is gone once the block is stored.
    expect(readdirSync(`${folder}/incoming`)).toEqual([]);
  } finally {
    await store.close();
  }
});

test('a search whose caller left is let go, and its session is not given to another while it runs', async () => {
  const store = await openChdb({ folder, readers: 1 });
  try {
    await store.insert(block(0, 10));
    const leave = new AbortController();
    const slow = store.query(
      acme,
      { sql: 'SELECT sum(sipHash64(number)) FROM numbers(100000000000)', params: {}, maxSeconds: 1 },
      leave.signal,
    );
    const after = store.query(acme, count);
    leave.abort(new Error('left'));
    await expect(slow).rejects.toThrow('left');
    expect(await after).toEqual([{ n: 5, distinct: 5 }]);
  } finally {
    await store.close();
  }
});

test('when its process is killed, what was stored is there, calls in flight fail, and later ones are answered', async () => {
  const said: string[] = [];
  const store = await openChdb({ folder, log: (message) => said.push(message) });
  try {
    let stored = 0;
    for (let round = 0; round < 3; round++) {
      const first = store.pid;
      for (let batch = 0; batch < 5; batch++, stored += 200) await store.insert(block(stored, 200));
      const flying = store.query(acme, {
        sql: 'SELECT sum(sipHash64(number)) FROM numbers(100000000000)',
        params: {},
      });
      const failed = expect(flying).rejects.toThrow(EventsUnavailable);
      process.kill(first ?? raise(), 'SIGKILL');
      await failed;
      await expect
        .poll(() => store.systemQuery(count).catch(() => undefined), { timeout: 30_000 })
        .toEqual([{ n: stored, distinct: stored }]);
      expect(store.pid).not.toBe(first);
    }
    expect(said).toHaveLength(3);
  } finally {
    await store.close();
  }
});

test('who waits for a process that dies while it starts is answered by the next', async () => {
  const store = await openChdb({ folder });
  try {
    await store.insert(block(0, 10));
    const pids = [store.pid ?? raise()];
    process.kill(pids[0] ?? raise(), 'SIGKILL');
    await expect.poll(() => store.pid !== undefined && !pids.includes(store.pid)).toBe(true);
    const answer = store.query(acme, count);
    pids.push(store.pid ?? raise());
    process.kill(pids[1] ?? raise(), 'SIGKILL');
    expect(await answer).toEqual([{ n: 5, distinct: 5 }]);
    expect(pids).not.toContain(store.pid);
  } finally {
    await store.close();
  }
});

test('the process ends when its parent is killed, and the folder can be opened again', async () => {
  const parent = spawn(
    process.execPath,
    [fileURLToPath(new URL('../testing/store-parent.ts', import.meta.url)), folder],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const pid = await new Promise<number>((resolve) =>
    parent.stdout.once('data', (chunk: Buffer) => resolve(Number(chunk.toString()))),
  );
  parent.kill('SIGKILL');
  const store = await openChdb({ folder });
  await expect.poll(() => alive(pid), { timeout: 30_000 }).toBe(false);
  await store.close();
});

test('events of a newer version are refused', async () => {
  const store = await openChdb({ folder });
  await store.close();
  execFileSync(process.execPath, [
    fileURLToPath(new URL('../testing/newer.ts', import.meta.url)),
    `${folder}/chdb`,
  ]);
  await expect(openChdb({ folder })).rejects.toThrow(EventsNewer);
});

test.skipIf(process.getuid?.() !== 0 || process.platform !== 'linux')(
  'a full disk is said, reading goes on, and writing too once there is room',
  async () => {
    const small = `${folder}/small`;
    mkdirSync(small);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=48m', 'tmpfs', small]);
    try {
      const store = await openChdb({ folder: small });
      try {
        let stored = 0;
        const noise = Array.from({ length: 2000 }, () => Math.random().toString(36)).join('');
        const fill = async (): Promise<never> => {
          for (;;) {
            await store.insert(block(stored, 400, noise.slice(Math.random() * 10_000)));
            stored += 400;
          }
        };
        await expect(fill()).rejects.toThrow(EventStoreFull);
        expect(await store.systemQuery(count)).toEqual([{ n: stored, distinct: stored }]);
        execFileSync('mount', ['-o', 'remount,size=256m', small]);
        await store.insert(block(stored, 100, noise));
        expect(await store.systemQuery(count)).toEqual([{ n: stored + 100, distinct: stored + 100 }]);
      } finally {
        await store.close();
      }
    } finally {
      execFileSync('umount', ['-l', small]);
    }
  },
  300_000,
);

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

test('a query that nobody waits for any more is stopped in the engine', async () => {
  const store = await openChdb({ folder, readers: 1 });
  const running = async (): Promise<unknown> =>
    store.systemQuery({
      sql: "SELECT count() AS n FROM system.processes WHERE position(query, 'sipHash64') > 0 AND position(query, 'system.processes') = 0",
      params: {},
    });
  try {
    const leave = new AbortController();
    const endless = store.query(
      acme,
      { sql: 'SELECT sum(sipHash64(number)) FROM numbers(100000000000000)', params: {}, maxSeconds: 600 },
      leave.signal,
    );
    const left = expect(endless).rejects.toThrow('enough');
    await expect.poll(running, { timeout: 30_000 }).toEqual([{ n: 1 }]);
    leave.abort(new Error('enough'));
    await left;
    await expect.poll(running, { timeout: 30_000 }).toEqual([{ n: 0 }]);
    // Its place, the only one, is free again.
    expect(await store.query(acme, count)).toEqual([{ n: 0, distinct: 0 }]);
  } finally {
    await store.close();
  }
}, 120_000);
