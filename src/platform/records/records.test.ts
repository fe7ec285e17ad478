import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Scope, scopeOf, systemAccess, tenancyId } from '#platform/scope';
import { NestedTransaction, RecordsUnavailable, violation } from './errors.ts';
import { collectMigrations, type Migration } from './migrate.ts';
import { openRecords } from './open.ts';
import type { Records } from './records.ts';
import { createTestRecords } from './testing/index.ts';
import { postgresPrograms, startPostgres } from './testing/postgres-server.ts';

const note = `
  create schema ward;
  create table ward.note (id bigint generated always as identity primary key, tenancy_id text not null, body text not null, constraint note_body_once unique (tenancy_id, body));
  select platform.scope_rows('ward.note');
  create table ward.counter (id text primary key, value bigint not null);`;
const migrations: Migration[] = [
  ...collectMigrations().filter(({ number }) => number < 10),
  { number: 9001, name: '9001_note', sql: note, sha256: createHash('sha256').update(note).digest('hex') },
];
const scope = (...ids: string[]): Scope => {
  const found = scopeOf(ids.map(tenancyId));
  if (found === undefined) throw new Error('empty scope');
  return found;
};
const system = systemAccess('test');
const [acme, globex] = [scope('acme-odce'), scope('globex-odce')];

type Server = Awaited<ReturnType<typeof startPostgres>>;
const programs = postgresPrograms();

describe('on PGlite', () => suite(() => createTestRecords(migrations), undefined));
describe.skipIf(programs === undefined)('on PostgreSQL', () => {
  let server: Server;
  beforeAll(async () => {
    server = await startPostgres(programs ?? '');
  });
  afterAll(() => server.stop());
  suite(
    async () => openRecords({ url: await server.newDatabase() }, migrations),
    () => server,
  );
});

function suite(open: () => Promise<Records>, server: (() => Server) | undefined): void {
  let records: Records;
  beforeAll(async () => {
    records = await open();
  });
  afterAll(() => records.close());

  const add = (access: Scope | typeof system, tenancy: string, body: string): Promise<void> =>
    records.transaction(access, async (tx) => {
      await tx
        .withTables<{ 'ward.note': { tenancy_id: string; body: string } }>()
        .insertInto('ward.note')
        .values({ tenancy_id: tenancy, body })
        .execute();
    });
  const bodies = (access: Scope | typeof system): Promise<string[]> =>
    records.transaction(access, async (tx) =>
      (await sql<{ body: string }>`select body from ward.note order by id`.execute(tx)).rows.map(
        ({ body }) => body,
      ),
    );
  const one = async (expression: string): Promise<unknown> => {
    const { rows } = await records.transaction(system, (tx) =>
      sql.raw<{ value: unknown }>(`select ${expression} as value`).execute(tx),
    );
    return rows[0]?.value;
  };

  test('a scope sees its own tenancies and nothing else, though the query names none', async () => {
    await add(acme, 'acme-odce', 'a1');
    await add(globex, 'globex-odce', 'g1');
    expect(await bodies(acme)).toEqual(['a1']);
    expect(await bodies(globex)).toEqual(['g1']);
    expect(await bodies(scope('acme-odce', 'globex-odce'))).toEqual(['a1', 'g1']);
    expect(await bodies(scope('acme'))).toEqual([]);
    expect(await bodies(system)).toEqual(['a1', 'g1']);
  });

  test('a scope can not write, move or delete a row of another tenancy', async () => {
    const refused = await add(acme, 'globex-odce', 'planted').catch((error: unknown) => error);
    expect(violation(refused)?.kind).toBe('row-security');
    const moved = await records
      .transaction(acme, (tx) => sql`update ward.note set tenancy_id = 'globex-odce'`.execute(tx))
      .catch((error: unknown) => error);
    expect(violation(moved)?.kind).toBe('row-security');
    await records.transaction(acme, (tx) => sql`delete from ward.note where body = 'g1'`.execute(tx));
    expect(await bodies(globex)).toEqual(['g1']);
  });

  test('work runs as a role that owns nothing and is not exempt from row security', async () => {
    expect(await one('current_user::text')).toBe('ironbark_app');
    expect(await one('(select rolbypassrls or rolsuper from pg_roles where rolname = current_user)')).toBe(
      false,
    );
    await expect(
      records.transaction(system, (tx) => sql`alter table ward.note disable row level security`.execute(tx)),
    ).rejects.toThrow();
    await expect(
      records.transaction(system, (tx) => sql`select * from platform.migration`.execute(tx)),
    ).rejects.toThrow();
  });

  test('the scope of one transaction is gone in the next', async () => {
    await bodies(acme);
    expect(await one(`current_setting('ironbark.scope', true)`)).toBe('');
    expect(await one(`current_setting('ironbark.system', true)`)).toBe('on');
  });

  test('a transaction that throws leaves nothing and the next one runs', async () => {
    const failing = records.transaction(acme, async (tx) => {
      await sql`insert into ward.note (tenancy_id, body) values ('acme-odce', 'half')`.execute(tx);
      throw new Error('changed my mind');
    });
    await expect(failing).rejects.toThrow('changed my mind');
    expect(await bodies(acme)).not.toContain('half');
  });

  test('a violated constraint is told by kind and name', async () => {
    await add(acme, 'acme-odce', 'twice');
    const error = await add(acme, 'acme-odce', 'twice').catch((cause: unknown) => cause);
    expect(violation(error)).toEqual({ kind: 'unique', constraint: 'note_body_once' });
  });

  test('a transaction inside a transaction is refused, not waited for', async () => {
    await expect(
      records.transaction(system, () => records.transaction(acme, () => Promise.resolve(1))),
    ).rejects.toThrow(NestedTransaction);
    expect(await one('1')).toBe(1);
  });

  test('values come back as the same types', async () => {
    expect(await one('(select count(*) from ward.note where false)')).toBe(0);
    expect(await one('9007199254740991::int8')).toBe(Number.MAX_SAFE_INTEGER);
    await expect(one('9007199254740993::int8')).rejects.toThrow(RangeError);
    expect(await one('1::int4')).toBe(1);
    expect(await one('1.5::float8')).toBe(1.5);
    expect(await one('1.50::numeric')).toBe('1.50');
    expect(await one('true')).toBe(true);
    const bytes = await one(`'\\x00ff10'::bytea`);
    expect(Buffer.isBuffer(bytes)).toBe(true);
    expect(bytes).toEqual(Buffer.from([0, 255, 16]));
    expect(await one(`'2026-01-02 03:04:05.678+02'::timestamptz`)).toEqual(
      new Date('2026-01-02T01:04:05.678Z'),
    );
    expect(await one(`'0044-01-02 03:04:05.123456+00'::timestamptz`)).toEqual(
      new Date('0044-01-02T03:04:05.123Z'),
    );
    expect(await one(`'2026-01-02'::date`)).toBe('2026-01-02');
    expect(await one(`'{"a":[1,"x",null]}'::jsonb`)).toEqual({ a: [1, 'x', null] });
    expect(await one(`'"text"'::jsonb`)).toBe('text');
    expect(await one(`array['a','b,c','d"e',null]::text[]`)).toEqual(['a', 'b,c', 'd"e', null]);
    expect(await one('array[1,2]::int8[]')).toEqual([1, 2]);
    expect(await one(`array['2026-01-02T00:00:00Z']::timestamptz[]`)).toEqual([
      new Date('2026-01-02T00:00:00Z'),
    ]);
    expect(await one(`array['\\x0102']::bytea[]`)).toEqual([Buffer.from([1, 2])]);
    expect(await one('null::int8')).toBe(null);
    expect(await one(`'0197f6a0-0000-7000-8000-000000000001'::uuid`)).toBe(
      '0197f6a0-0000-7000-8000-000000000001',
    );
  });

  test('values go in as the same types', async () => {
    const at = new Date('2026-05-06T07:08:09.123Z');
    const json = JSON.stringify([{ a: 1 }, 'ü', null]);
    const { rows } = await records.transaction(system, (tx) =>
      sql`select ${at}::timestamptz as at, ${Buffer.from([1, 0, 2])}::bytea as bytes, ${json}::jsonb as json, ${['x', 'y"z']}::text[] as texts,
        ${Number.MAX_SAFE_INTEGER}::int8 as big, ${true}::boolean as yes, ${null}::text as nothing, ${'12.340'}::numeric as exact`.execute(
        tx,
      ),
    );
    expect(rows).toEqual([
      {
        at,
        bytes: Buffer.from([1, 0, 2]),
        json: [{ a: 1 }, 'ü', null],
        texts: ['x', 'y"z'],
        big: Number.MAX_SAFE_INTEGER,
        yes: true,
        nothing: null,
        exact: '12.340',
      },
    ]);
  });

  test('a hundred transactions at once on one counter all count', async () => {
    await records.transaction(system, (tx) => sql`insert into ward.counter values ('c', 0)`.execute(tx));
    const order: number[] = [];
    await Promise.all(
      Array.from({ length: 100 }, (_, index) =>
        records.transaction(index % 2 === 0 ? acme : system, async (tx) => {
          await sql`update ward.counter set value = value + 1 where id = 'c'`.execute(tx);
          order.push(index);
        }),
      ),
    );
    expect(await one(`(select value from ward.counter where id = 'c')`)).toBe(100);
    if (records.engine === 'pglite') expect(order).toEqual(Array.from({ length: 100 }, (_, index) => index));
  });

  test('what was notified is heard after the commit, and not at all after a rollback', async () => {
    const heard: string[] = [];
    const stop = await records.onChange('ward.changed', (payload) => heard.push(payload));
    await records
      .transaction(system, async (tx) => {
        await records.notify(tx, 'ward.changed', 'rolled back');
        throw new Error('no');
      })
      .catch(() => undefined);
    await records.transaction(acme, async (tx) => {
      await records.notify(tx, 'ward.changed', 'committed');
      await one2(tx);
      expect(heard).toEqual([]);
    });
    await expect.poll(() => heard).toEqual(['committed']);
    await stop();
    await records.transaction(system, (tx) => records.notify(tx, 'ward.changed', 'after stop'));
    expect(heard).toEqual(['committed']);
  });

  test('who hears of a change can open a transaction of its own', async () => {
    const seen = Promise.withResolvers<string[]>();
    const stop = await records.onChange('ward.look', () => void bodies(acme).then(seen.resolve, seen.reject));
    await records.transaction(acme, (tx) => records.notify(tx, 'ward.look', ''));
    expect(await seen.promise).toContain('a1');
    await stop();
  });

  // PGlite has no server that could go away.
  if (server === undefined) return;
  test('a server that goes away is said to be unavailable, and used again when it is back', async () => {
    const heard: string[] = [];
    const stop = await records.onChange('ward.back', (payload) => heard.push(payload));
    await server().crash();
    await expect(bodies(acme)).rejects.toThrow(RecordsUnavailable);
    await server().restart();
    await expect.poll(() => bodies(acme).catch(() => []), { timeout: 20_000 }).toContain('a1');
    // The empty payload is the listener's "look for yourself" after its connection broke.
    await expect.poll(() => heard, { timeout: 20_000 }).toEqual(['']);
    await records.transaction(system, (tx) => records.notify(tx, 'ward.back', 'again'));
    await expect.poll(() => heard).toEqual(['', 'again']);
    await stop();
  });
}

const one2 = (tx: Parameters<Parameters<Records['transaction']>[1]>[0]) => sql`select 1`.execute(tx);
