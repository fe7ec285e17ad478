import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { manualClock } from '#platform/clock';
import type { Records } from '#platform/records';
import { openRecords } from '#platform/records';
import { systemAccess } from '#platform/scope';
import { createTestRecords } from '#platform/records/testing';
import { postgresPrograms, startPostgres } from '../platform/records/testing/postgres-server.ts';
import { type Change, changed, type ChangeFeed, listenToChanges } from './changes.ts';

const system = systemAccess('test');
const programs = postgresPrograms();
const opened: ChangeFeed[] = [];
const stores: Records[] = [];
afterEach(async () => {
  for (const feed of opened.splice(0)) await feed.close();
});
afterAll(async () => {
  for (const records of stores) await records.close();
});

async function listening(records: Records, beatMilliseconds = 20) {
  const clock = manualClock('2026-05-04T08:00:00Z');
  const heard: Change[] = [];
  const errors: unknown[] = [];
  let lost = 0;
  const feed = await listenToChanges({
    records,
    clock,
    heard: (change) => heard.push(change),
    lost: async () => void lost++,
    failed: (error) => errors.push(error),
    beatMilliseconds,
  });
  opened.push(feed);
  return { clock, feed, heard, errors, lost: () => lost };
}

describe('on PGlite', () => {
  let records: Records;
  beforeAll(async () => {
    stores.push((records = await createTestRecords()));
  });

  test('a change is heard when its transaction commits, with ids that hold anything', async () => {
    const { heard } = await listening(records);
    await records.transaction(system, async (tx) => {
      await changed(tx, { kind: 'agreement', id: 'acme/odce' });
      await changed(tx, { kind: 'person', id: 'with a space' });
    });
    await expect
      .poll(() => heard)
      .toEqual([
        { kind: 'agreement', id: 'acme/odce' },
        { kind: 'person', id: 'with a space' },
      ]);
  });

  test('an account that is added, used or ended is heard of, whoever writes it', async () => {
    const { heard } = await listening(records);
    const say = (statement: ReturnType<typeof sql>) =>
      records.transaction(system, (tx) => statement.execute(tx));
    await say(sql`
      insert into identity."user" (id, name, email, roles, tenancies, state, created_at)
      values ('u-1', 'Una', 'una@acme.example', '[]', '[]', 'invited', now())`);
    await say(sql`update identity."user" set last_sign_in_at = now() where id = 'u-1'`);
    await say(sql`update identity."user" set name = 'Una Li' where id = 'u-1'`);
    await say(sql`delete from identity."user" where id = 'u-1'`);
    await expect.poll(() => heard).toEqual(Array.from({ length: 3 }, () => ({ kind: 'account', id: 'u-1' })));
  });

  test('a change that was rolled back is not heard', async () => {
    const { heard } = await listening(records);
    await records
      .transaction(system, async (tx) => {
        await changed(tx, { kind: 'person', id: 'never' });
        throw new Error('no');
      })
      .catch(() => undefined);
    await records.transaction(system, (tx) => changed(tx, { kind: 'person', id: 'after' }));
    await expect.poll(() => heard.map(({ id }) => id)).toEqual(['after']);
  });

  test('the time until which all is heard moves on with the heartbeat, and stands still without it', async () => {
    const { clock, feed } = await listening(records);
    await expect.poll(() => feed.heardUntil()?.toISOString()).toBe('2026-05-04T08:00:00.000Z');
    clock.advance(9);
    await expect.poll(() => feed.heardUntil()?.toISOString()).toBe('2026-05-04T08:00:09.000Z');
    await feed.close();
    clock.advance(9);
    await records.transaction(system, (tx) => changed(tx, { kind: 'person', id: 'x' }));
    expect(feed.heardUntil()?.toISOString()).toBe('2026-05-04T08:00:09.000Z');
  });
});

describe.skipIf(programs === undefined)('on PostgreSQL', () => {
  let server: Awaited<ReturnType<typeof startPostgres>>;
  let url: string;
  beforeAll(async () => {
    server = await startPostgres(programs ?? '');
    url = await server.newDatabase();
  });
  afterAll(() => server?.stop());
  const open = async (): Promise<Records> => {
    const records = await openRecords({ url });
    stores.push(records);
    return records;
  };

  test('every instance hears what another one changed', async () => {
    const one = await open();
    const two = await listening(await open());
    await one.transaction(system, (tx) => changed(tx, { kind: 'tenancy', id: 'acme-odce' }));
    await expect.poll(() => two.heard).toEqual([{ kind: 'tenancy', id: 'acme-odce' }]);
  });

  test('while the database is away nothing is said to be heard; afterwards everything is looked at again', async () => {
    const { clock, feed, lost, errors } = await listening(await open());
    await expect.poll(() => feed.heardUntil()).toBeDefined();
    await server.crash();
    await expect.poll(() => errors.length).toBeGreaterThan(0);
    const before = feed.heardUntil();
    clock.advance(60);
    await expect.poll(() => errors.length).toBeGreaterThan(2);
    expect(feed.heardUntil()).toEqual(before);
    await server.restart();
    await expect.poll(() => lost()).toBeGreaterThan(0);
    await expect.poll(() => feed.heardUntil()?.getTime()).toBe(clock.now().getTime());
  });
});
