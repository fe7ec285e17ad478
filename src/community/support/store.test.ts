import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { engines } from '#platform/records/testing';
import { type Scope, scopeOf, systemAccess, tenancyId } from '#platform/scope';
import { supportFacts } from './gate-facts.ts';
import { firstHash } from './seal-chunk.ts';
import {
  certificateBySerial,
  insertCertificate,
  insertNotice,
  insertSession,
  insertStanding,
  latestIssued,
  noticesTo,
  saveSession,
  seeNotice,
  sessionById,
  sessions,
  standingOf,
  withdrawStanding,
} from './store.ts';
import {
  appendChunk,
  chunksOf,
  insertPlayback,
  insertRecording,
  playbacks,
  recordingsOf,
} from './store-recordings.ts';
import type { Approval, Session } from './support.ts';

const access = systemAccess('test');
const at = new Date('2026-05-01T00:00:00Z');
const scope = (tenancy: string): Scope => {
  const made = scopeOf([tenancyId(tenancy)]);
  if (made === undefined) throw new Error('one tenancy is a scope');
  return made;
};
const [acme, zeta] = [scope('acme-odce'), scope('zeta-odce')];

const eli = { user: 'eli', person: 'p-eli', name: 'Eli' };
const given: Approval = {
  by: { user: 'cas', person: null, name: 'Cas' },
  organisation: 'acme',
  office: 'approver',
  at,
  standing: null,
  record: '{}',
  digest: 'ab',
  signature: {
    userId: 'cas',
    credentialId: 'c',
    publicKey: 'k',
    authenticatorData: 'a',
    clientDataJSON: 'j',
    signature: 's',
  },
};
const session: Session = {
  id: '019b0000-0000-7000-8000-000000000001',
  tenancy: 'acme-odce',
  kind: 'break-glass',
  state: 'requested',
  record: '{"a":"é"}',
  digest: 'cd'.repeat(32),
  organisation: 'acme',
  environment: 'odce',
  reason: 'A reason',
  ticket: null,
  minutes: 30,
  systems: [{ name: 'web-1', host: 'h', port: 22, account: 'root', hostKey: `SHA256:${'A'.repeat(43)}` }],
  recordInput: false,
  requester: { user: 'rae', person: null, name: 'Rae' },
  engineers: [eli],
  customerApproval: null,
  providerApproval: null,
  requestedAt: at,
  expiresAt: new Date(at.getTime() + 86_400_000),
  startedAt: null,
  startedBy: null,
  endsAt: null,
  endedAt: null,
  end: null,
  summary: null,
  countersignature: null,
  reviewDueAt: null,
  reviewedAt: null,
  review: null,
};

describe.each(engines())('support sessions on %s', (_name, open) => {
  let world: Awaited<ReturnType<typeof open>>;
  beforeAll(async () => {
    world = await open();
    await world.records.transaction(access, async (tx) => {
      await sql`insert into community.environment (id, name, marking, created_at) values ('odce', 'O', 'OFFICIAL', ${at})`.execute(
        tx,
      );
      for (const id of ['acme', 'zeta']) {
        await sql`insert into community.organisation (id, name, kind, created_at) values (${id}, ${id}, 'customer', ${at})`.execute(
          tx,
        );
        await sql`insert into community.tenancy (id, organisation_id, environment_id, internal, created_at, state_since)
          values (${`${id}-odce`}, ${id}, 'odce', false, ${at}, ${at})`.execute(tx);
      }
      await insertSession(tx, session);
    });
  }, 60_000);
  afterAll(() => world.close());
  const inScope = <T>(of: Scope, work: Parameters<typeof world.records.transaction<T>>[1]) =>
    world.records.transaction(of, work);

  test('come back as they were written, step by step', async () => {
    expect(await inScope(acme, (tx) => sessionById(tx, session.id, { scope: acme, lock: true }))).toEqual(
      session,
    );
    const later: Session = {
      ...session,
      state: 'live',
      customerApproval: { ...given, standing: 'x' },
      providerApproval: given,
      startedAt: at,
      startedBy: eli,
      endsAt: new Date(at.getTime() + 60_000),
      reviewDueAt: at,
    };
    await inScope(acme, (tx) => saveSession(tx, later));
    expect(await inScope(acme, (tx) => sessions(tx, acme, { state: 'live', limit: 5 }))).toEqual([later]);
    const facts = await world.records.transaction(access, (tx) => supportFacts.some(tx, [session.id]));
    expect(facts.get(session.id)).toMatchObject({
      tenancy: 'acme-odce',
      support: { state: 'live', engineers: ['p-eli'], minutes: 30 },
      breakGlass: { declaredBy: ['rae', 'cas'], told: [] },
      customerApproval: { by: ['cas'], offices: ['approver'] },
    });
  });

  test('are not there for another tenancy, whatever is asked', async () => {
    // The row-level wall alone: the query names no scope.
    expect(await inScope(zeta, (tx) => sessionById(tx, session.id, { scope: undefined }))).toBeUndefined();
    expect(await inScope(zeta, (tx) => sessions(tx, zeta, { limit: 5 }))).toEqual([]);
    await inScope(zeta, (tx) => saveSession(tx, { ...session, state: 'cancelled' }));
    expect((await inScope(acme, (tx) => sessionById(tx, session.id, { scope: acme })))?.state).toBe('live');
    await expect(inScope(zeta, (tx) => insertSession(tx, { ...session, id: 'other' }))).rejects.toThrow();
  });

  test('have certificates that lead back to their engineer', async () => {
    const serial = 2n ** 63n - 1n;
    const signIn = { at, passkey: true };
    await inScope(acme, (tx) =>
      insertCertificate(tx, {
        serial,
        session: session.id,
        tenancy: 'acme-odce',
        user: 'eli',
        fingerprint: 'f',
        sourceAddress: '::1',
        signIn,
        issuedAt: at,
        expiresAt: at,
      }),
    );
    expect(await inScope(acme, (tx) => certificateBySerial(tx, serial))).toEqual({
      session: session.id,
      user: 'eli',
      fingerprint: 'f',
      signIn,
    });
    expect(await inScope(acme, (tx) => latestIssued(tx, session.id, 'eli'))).toEqual({
      address: '::1',
      signIn,
    });
    expect(await inScope(acme, (tx) => latestIssued(tx, session.id, 'eva'))).toBeUndefined();
  });

  test('have recordings whose chunks follow one another, and no other way', async () => {
    const start = {
      session: session.id,
      tenancy: 'acme-odce',
      engineer: eli,
      system: 'web-1',
      kind: 'shell',
      command: null,
      address: '::1',
      startedAt: at,
    } as const;
    const bind = (number: number) => ({ sealedKey: Buffer.from('key'), head: firstHash(session.id, number) });
    expect(await inScope(acme, (tx) => insertRecording(tx, start, bind))).toBe(1);
    expect(await inScope(acme, (tx) => insertRecording(tx, start, bind))).toBe(2);
    const head = firstHash(session.id, 1);
    const chunk = (number: number, hash: string) => ({
      session: session.id,
      recording: 1,
      number,
      tenancy: 'acme-odce',
      at,
      sealed: Buffer.from(hash),
      hash: Buffer.from(hash),
    });
    const append = (number: number, hash: string, before: Buffer) =>
      inScope(acme, (tx) => appendChunk(tx, chunk(number, hash), before));
    expect(await append(2, 'two', head)).toBe(false);
    expect(await append(1, 'one', Buffer.from('other'))).toBe(false);
    expect(await append(1, 'one', head)).toBe(true);
    expect(await append(1, 'one', head)).toBe(false);
    expect(await append(2, 'two', Buffer.from('one'))).toBe(true);
    expect(
      (await inScope(acme, (tx) => chunksOf(tx, session.id, 1))).map(({ sealed }) => sealed.toString()),
    ).toEqual(['one', 'two']);
    expect(await inScope(acme, (tx) => recordingsOf(tx, session.id, acme))).toMatchObject([
      { number: 1, chunks: 2, bytes: 6, engineer: eli },
      { number: 2, chunks: 0 },
    ]);
    expect(await inScope(zeta, (tx) => chunksOf(tx, session.id, 1))).toEqual([]);
    const played = {
      session: session.id,
      recording: 1,
      tenancy: 'acme-odce',
      actorId: 'a',
      actorName: 'A',
      organisation: 'wattle',
      at,
    };
    await inScope(acme, (tx) => insertPlayback(tx, played));
    expect(await inScope(acme, (tx) => playbacks(tx, acme, 5))).toEqual([played]);
    expect(await inScope(zeta, (tx) => playbacks(tx, zeta, 5))).toEqual([]);
  });

  test('have standing approvals and notices, each seen and taken back once', async () => {
    await inScope(acme, (tx) =>
      insertStanding(tx, {
        id: 's',
        tenancy: 'acme-odce',
        record: '{}',
        approval: given,
        givenAt: at,
        expiresAt: at,
        withdrawnAt: null,
      }),
    );
    expect(await inScope(acme, (tx) => standingOf(tx, ['acme-odce']))).toMatchObject([
      { id: 's', approval: given },
    ]);
    expect(await inScope(zeta, (tx) => withdrawStanding(tx, zeta, 's', 'z', at))).toBeUndefined();
    expect(await inScope(acme, (tx) => withdrawStanding(tx, acme, 's', 'c', at))).toBe('acme-odce');
    expect(await inScope(acme, (tx) => withdrawStanding(tx, acme, 's', 'c', at))).toBeUndefined();
    await inScope(acme, (tx) =>
      insertNotice(tx, {
        id: 'n',
        session: session.id,
        tenancy: 'acme-odce',
        organisation: 'acme',
        office: 'ciso',
        text: 't',
        at,
      }),
    );
    expect(await inScope(acme, (tx) => noticesTo(tx, 'acme', acme))).toMatchObject([
      { id: 'n', seenAt: null },
    ]);
    expect(await inScope(acme, (tx) => noticesTo(tx, 'wattle', acme))).toEqual([]);
    expect(await inScope(acme, (tx) => seeNotice(tx, 'acme', acme, 'n', 'c', at))).toEqual({
      tenancy: 'acme-odce',
      session: session.id,
    });
    expect(await inScope(acme, (tx) => seeNotice(tx, 'acme', acme, 'n', 'c', at))).toBeUndefined();
  });
});
