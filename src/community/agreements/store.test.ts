import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { engines } from '#platform/records/testing';
import { systemAccess } from '#platform/scope';
import { AgreedMeanwhile } from './errors.ts';
import { agreementState } from './index.ts';
import { agreementEvents } from './store.ts';
import { insertAcceptance, insertEvent } from './store-acceptances.ts';

const access = systemAccess('test');
const at = new Date('2026-05-01T00:00:00Z');

describe.each(engines())('agreements on %s', (_name, open) => {
  let world: Awaited<ReturnType<typeof open>>;
  beforeAll(async () => {
    world = await open();
    await world.records.transaction(access, async (tx) => {
      await sql`insert into community.organisation (id, name, kind, created_at) values ('acme', 'Acme', 'customer', ${at})`.execute(
        tx,
      );
      await sql`insert into community.environment (id, name, marking, created_at) values ('odce', 'O', 'OFFICIAL', ${at})`.execute(
        tx,
      );
    });
  }, 60_000);
  afterAll(() => world.close());

  test('an unknown organisation has no agreement', async () => {
    expect(
      await world.records.transaction(access, (tx) => agreementState(tx, 'nobody', 'odce', at)),
    ).toMatchObject({ state: 'none' });
  });

  test('of two acceptances that follow the same one, the second is refused', async () => {
    await world.records.transaction(access, async (tx) => {
      await sql`insert into community.policy_version (number, policy, title, source, source_sha256, source_sha384, state,
          change_class, summary, made_at, made_by, published_at, effective_at, mandatory_at)
        values (1, 'p', 'P', 's', 'x', 'y', 'published', 'material', 's', ${at}, '{}', ${at}, ${at}, ${at})`.execute(
        tx,
      );
    });
    const place = { organisation: 'acme', environment: 'odce' };
    const agree = (id: string) =>
      world.records.transaction(access, async (tx) => {
        await insertEvent(tx, { ...place, kind: 'accepted', version: 1, at, by: { id: 'x', name: 'X' } });
        await insertAcceptance(tx, {
          ...place,
          id,
          link: 1,
          version: 1,
          kind: 'passkey',
          at,
          signerUserId: 'u',
          signerName: 'U',
          office: 'CIO',
          appointmentId: 'a',
          record: '{}',
          recordSha256: 'x',
          assertion: null,
          countersignature: 'j',
          ledgerId: '1',
        });
      });
    const outcomes = await Promise.allSettled([agree('one'), agree('two')]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(outcomes.find((one) => one.status === 'rejected')?.reason).toBeInstanceOf(AgreedMeanwhile);
    // Nothing of the loser's stays, its event neither.
    const events = await world.records.transaction(access, (tx) => agreementEvents(tx, place));
    expect(events.filter(({ kind }) => kind === 'accepted')).toHaveLength(1);
    await expect(agree('three')).rejects.toBeInstanceOf(AgreedMeanwhile);
  });

  test('what happened can not be changed or removed', async () => {
    await world.records.transaction(access, (tx) =>
      sql`insert into community.agreement_event (organisation_id, environment_id, kind, at, by_id, by_name)
          values ('acme', 'odce', 'invited', ${at}, 'x', 'X')`.execute(tx),
    );
    expect(
      await world.records.transaction(access, (tx) => agreementState(tx, 'acme', 'odce', at)),
    ).toMatchObject({ state: 'accepted' });
    for (const statement of [
      sql`delete from community.agreement_event`,
      sql`update community.agreement_event set kind = 'accepted'`,
    ])
      await expect(world.records.transaction(access, (tx) => statement.execute(tx))).rejects.toThrow();
  });
});
