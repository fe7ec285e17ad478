import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Actor } from '#identity';
import type { Office } from './contract.ts';
import {
  addPerson,
  appointmentsInForce,
  changeLife,
  changeOrganisation,
  confirmAllContacts,
  consume,
  delegateAppointment,
  endAppointment,
  endPerson,
  organisationState,
  people,
  personOfUser,
  proposeAppointment,
  recordEvidence,
  setContacts,
  tenancyState,
  verifyAppointment,
} from './index.ts';
import { listAppointments } from './appointments.ts';
import { listDue, listOrganisations, showOrganisation } from './overview.ts';
import { editPerson } from './people.ts';
import { type CommunityWorld, engines, openCommunity } from './testing.ts';

const matrix = (['critical', 'high', 'medium', 'low'] as const).map((severity) => ({
  severity,
  topic: '',
  rank: 1,
  name: 'Duty officer',
  phone: '+61 2 5550 1234',
  email: 'duty@acme.example',
}));

describe.each(engines())('organisations on %s', (_engine, open) => {
  let world: CommunityWorld;
  let staff: [Actor, Actor];
  beforeAll(async () => {
    world = await openCommunity(await open());
    staff = [await world.account('sam', 'wattle'), await world.account('sue', 'wattle')];
  }, 120_000);
  afterAll(() => world.close());

  const appoint = async (person: string, office: Office, more: object = {}) => {
    const made = await proposeAppointment(world.deps, staff[0], {
      person,
      office,
      evidenceKind: 'letter',
      evidence: 'letter on file 12',
      months: 12,
      mayDelegate: false,
      ...more,
    });
    await verifyAppointment(world.deps, staff[0], made.id, 'seen the letter');
    return verifyAppointment(world.deps, staff[1], made.id, 'called the agency head');
  };
  const held = (person: string) =>
    world.tx((tx) => appointmentsInForce(tx, { organisation: 'acme', at: world.clock.now(), person }));
  const actions = async () => (await world.ledger()).map(({ action }) => action);

  test('a person is linked to the account of the same address, organisation and nobody else’s', async () => {
    const { actor, person } = await world.member('pat', 'acme');
    expect(person.userId).toBe('pat');
    expect((await world.tx((tx) => personOfUser(tx, actor.id)))?.id).toBe(person.id);
    await expect(
      addPerson(world.deps, world.admin, { organisation: 'acme', name: 'Pat', email: 'PAT@acme.example' }),
    ).rejects.toThrow(/already/);
    // Another organisation's account with that address is not theirs.
    const stranger = await addPerson(world.deps, world.admin, {
      organisation: 'beta',
      name: 'Pat',
      email: 'pat@acme.example',
    });
    expect(stranger.userId).toBeNull();
    await expect(editPerson(world.deps, world.admin, stranger.id, { account: 'link' })).rejects.toMatchObject(
      { code: 'no-account' },
    );
    // Who signs in as whom is not for the customer to say.
    await expect(editPerson(world.deps, actor, person.id, { account: 'unlink' })).rejects.toMatchObject({
      code: 'not-allowed',
    });
  });

  test('an officer attests the screening of colleagues, and not their own', async () => {
    const { actor, person } = await world.member('ora', 'acme');
    const { person: colleague } = await world.member('col', 'acme');
    const changed = await editPerson(world.deps, actor, colleague.id, { screenedUntil: '2027-06-30' });
    expect(changed.screenedUntil).toBe('2027-07-01T00:00:00.000Z');
    await expect(editPerson(world.deps, actor, person.id, { screenedUntil: '2027-06-30' })).rejects.toThrow(
      /their own/,
    );
  });

  test('an appointment is in force after two of the staff, for twelve months to the second', async () => {
    const { person } = await world.member('cio', 'acme');
    const made = await proposeAppointment(world.deps, world.admin, {
      person: person.id,
      office: 'cio',
      evidenceKind: 'letter',
      evidence: 'letter on file 12',
      months: 12,
      mayDelegate: false,
    });
    expect(made).toMatchObject({ state: 'proposed', wanting: 2 });
    const once = await verifyAppointment(world.deps, staff[0], made.id, 'seen');
    expect(once).toMatchObject({ state: 'proposed', wanting: 1 });
    expect(await held(person.id)).toEqual([]);
    await expect(verifyAppointment(world.deps, staff[0], made.id, 'again')).rejects.toThrow(/Somebody else/);
    const done = await verifyAppointment(world.deps, staff[1], made.id, 'seen too');
    expect(done).toMatchObject({ state: 'in-force', wanting: 0, expiresAt: '2027-05-04T08:00:00.000Z' });
    const at = (iso: string) =>
      world.tx((tx) =>
        appointmentsInForce(tx, {
          organisation: 'acme',
          at: new Date(iso),
          person: person.id,
          offices: ['cio'],
        }),
      );
    expect(await at('2027-05-04T07:59:59.999Z')).toHaveLength(1);
    expect(await at('2027-05-04T08:00:00.000Z')).toEqual([]);
  });

  test('a self-verified appointment is refused, recorded and explained', async () => {
    const { actor, person } = await world.member('own', 'wattle');
    const made = await proposeAppointment(world.deps, actor, {
      person: person.id,
      office: 'coo',
      evidenceKind: 'letter',
      evidence: 'my own word',
      months: 12,
      mayDelegate: false,
    });
    await expect(verifyAppointment(world.deps, actor, made.id, 'it is me')).rejects.toMatchObject({
      code: 'own-appointment',
      message: expect.stringMatching(/two of the provider/),
    });
    const last = (await world.ledger()).at(-1);
    expect(last).toMatchObject({
      action: 'appointment.verification-refused',
      facts: { code: 'self', person: person.id },
    });
    const all = await listAppointments(world.deps, actor, 'wattle');
    expect(all.find(({ id }) => id === made.id)?.verifications).toEqual([]);
  });

  test('two who verify at once count as two, and the same one twice as one', async () => {
    const { person } = await world.member('race', 'acme');
    const propose = () =>
      proposeAppointment(world.deps, world.admin, {
        person: person.id,
        office: 'risk-owner',
        evidenceKind: 'call-back',
        evidence: 'switchboard number from the directory of agencies',
        months: 6,
        mayDelegate: false,
      });
    const two = await propose();
    await Promise.all(staff.map((one) => verifyAppointment(world.deps, one, two.id, 'called')));
    expect((await held(person.id)).map(({ id }) => id)).toEqual([two.id]);
    const same = await propose();
    const tried = await Promise.allSettled([
      verifyAppointment(world.deps, staff[0], same.id, 'called'),
      verifyAppointment(world.deps, staff[0], same.id, 'called'),
    ]);
    expect(tried.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect((await held(person.id)).map(({ id }) => id)).toEqual([two.id]);
  });

  test('a machine’s word verifies nobody', async () => {
    const { person } = await world.member('mach', 'acme');
    const made = await proposeAppointment(world.deps, world.admin, {
      person: person.id,
      office: 'ciso',
      evidenceKind: 'letter',
      evidence: 'x',
      months: 12,
      mayDelegate: false,
    });
    await expect(verifyAppointment(world.deps, world.admin, made.id, 'x')).rejects.toThrow(/takes a person/);
  });

  test('a verified officer vouches for a colleague; a delegate and another organisation’s officer can’t', async () => {
    const { actor: ciso, person: cisoPerson } = await world.member('vouch', 'acme');
    const office = await appoint(cisoPerson.id, 'ciso', { mayDelegate: true });
    const { actor: delegate, person: delegatePerson } = await world.member('dele', 'acme');
    const delegated = await delegateAppointment(world.deps, ciso, office.id, {
      person: delegatePerson.id,
      until: '2026-08-01T00:00:00.000Z',
      reason: 'on leave',
    });
    expect(delegated).toMatchObject({ state: 'in-force', office: 'ciso', mayDelegate: false });
    const { person: third } = await world.member('third', 'acme');
    const propose = async () =>
      proposeAppointment(world.deps, ciso, {
        person: third.id,
        office: 'approver',
        evidenceKind: 'officer',
        evidence: 'known to me',
        months: 12,
        mayDelegate: false,
      });
    const made = await propose();
    await expect(verifyAppointment(world.deps, delegate, made.id, 'ok')).rejects.toMatchObject({
      code: 'verification-refused',
    });
    await expect(verifyAppointment(world.deps, staff[0], made.id, 'ok')).rejects.toMatchObject({
      code: 'verification-refused',
    });
    const { actor: betas, person: betasPerson } = await world.member('betas', 'beta');
    await appoint(betasPerson.id, 'cio');
    await expect(verifyAppointment(world.deps, betas, made.id, 'ok')).rejects.toMatchObject({
      code: 'not-found',
    });
    expect(await verifyAppointment(world.deps, ciso, made.id, 'known')).toMatchObject({ state: 'in-force' });

    for (const [who, from, to, why] of [
      [delegate, delegated.id, third.id, /delegated on/],
      [delegate, office.id, delegatePerson.id, /Only who holds/],
      [ciso, office.id, cisoPerson.id, /to themselves/],
      [ciso, office.id, betasPerson.id, /same organisation/],
    ] as const)
      await expect(
        delegateAppointment(world.deps, who, from, {
          person: to,
          until: '2026-08-01T00:00:00.000Z',
          reason: 'x',
        }),
      ).rejects.toThrow(why);
    await expect(
      delegateAppointment(world.deps, ciso, office.id, {
        person: third.id,
        until: '2027-05-04T08:00:00.001Z',
        reason: 'longer than mine',
      }),
    ).rejects.toThrow(/at the latest/);
    expect((await actions()).filter((one) => one === 'appointment.delegation-refused')).toHaveLength(5);

    await endAppointment(world.deps, ciso, office.id, 'retired');
    expect(await held(delegatePerson.id)).toEqual([]);
  });

  test('an appointment that does not allow it is not delegated', async () => {
    const { actor, person } = await world.member('nodele', 'acme');
    const { person: other } = await world.member('nodele2', 'acme');
    const office = await appoint(person.id, 'approver');
    await expect(
      delegateAppointment(world.deps, actor, office.id, {
        person: other.id,
        until: '2026-08-01T00:00:00.000Z',
        reason: 'x',
      }),
    ).rejects.toThrow(/does not allow/);
  });

  test('who leaves has no session, no sign-in and no office from the commit on, and can be added again', async () => {
    const { person } = await world.member('gone', 'acme');
    await appoint(person.id, 'cio');
    await world.tx((tx) =>
      sql`insert into identity.session (secret_hash, user_id, standing, created_at, last_seen_at, expires_at)
        values ('\\x01', 'gone', 'full', now(), now(), now() + interval '1 hour')`.execute(tx),
    );
    await endPerson(world.deps, world.admin, person.id, 'left the agency');
    const { rows } = await world.tx((tx) =>
      sql<{ sessions: number; barred: boolean }>`select
        (select count(*) from identity.session where user_id = 'gone') as sessions,
        (select barred from identity.user where id = 'gone') as barred`.execute(tx),
    );
    expect(rows).toEqual([{ sessions: 0, barred: true }]);
    expect(await held(person.id)).toEqual([]);
    expect(await world.tx((tx) => personOfUser(tx, 'gone'))).toBeUndefined();
    await expect(endPerson(world.deps, world.admin, person.id, 'again')).rejects.toMatchObject({
      code: 'person-ended',
    });
    const back = await addPerson(world.deps, world.admin, {
      organisation: 'acme',
      name: 'gone',
      email: 'gone@acme.example',
    });
    expect(back.id).not.toBe(person.id);
    expect(await held(back.id)).toEqual([]);
  });

  test('a tenancy commences when every condition is met, and says what is missing', async () => {
    const { deps, admin } = world;
    const { person } = await world.member('bcio', 'beta');
    const move = (to: 'commencing' | 'active') =>
      changeLife(deps, admin, 'beta-pdce', { to, reason: 'joining' });
    await expect(move('active')).rejects.toMatchObject({ code: 'transition-refused' });
    await move('commencing');
    await expect(move('active')).rejects.toMatchObject({
      code: 'conditions-unmet',
      facts: {
        unmet: [
          'Agreement accepted',
          'Business impact assessment',
          'Incident contacts',
          'Eligible',
          'Monitoring confirmed',
          'Offices filled',
          'Security procedures delivered',
        ],
      },
    });
    await changeOrganisation(deps, admin, 'beta', {
      abn: '51 824 753 556',
      eligibility: { basis: 'critical-industry', evidence: 'water utility licence 88' },
    });
    for (const condition of ['business-impact', 'monitoring', 'procedures'])
      await recordEvidence(deps, admin, 'beta-pdce', condition, 'on file');
    await setContacts(deps, admin, 'beta', { contacts: matrix });
    await appoint(person.id, 'cio');
    await appoint(person.id, 'security-officer');
    await expect(move('active')).rejects.toMatchObject({ facts: { unmet: ['Agreement accepted'] } });
    world.agreements.set('beta/pdce', { state: 'accepted', version: '1.0', until: null });
    await move('active');
    expect(await world.tx((tx) => tenancyState(tx, 'beta-pdce'))).toMatchObject({ state: 'active' });
    await consume(deps, admin, 'beta-pdce', ['iaas', 'backup']);
    await expect(consume(deps, admin, 'beta-pdce', ['gold-plating'])).rejects.toThrow(/does not offer/);
    const shown = await showOrganisation(deps, admin, 'beta');
    expect(shown.tenancies.find(({ id }) => id === 'beta-pdce')).toMatchObject({
      services: ['backup', 'iaas'],
      agreement: { state: 'accepted' },
    });
    expect(shown.history.map(({ from, to }) => `${from} ${to}`)).toEqual([
      'commencing active',
      'invited commencing',
    ]);
  });

  test('what is not asked in an environment, or seen by the system itself, takes no evidence', async () => {
    await expect(recordEvidence(world.deps, world.admin, 'beta-odce', 'procedures', 'x')).rejects.toThrow(
      /not asked/,
    );
    await expect(recordEvidence(world.deps, world.admin, 'beta-pdce', 'contacts', 'x')).rejects.toThrow(
      /by the system/,
    );
  });

  test('leaving starts the retention clock, and returning starts anew', async () => {
    const { deps, admin, clock } = world;
    const move = (to: 'leaving' | 'left' | 'invited' | 'commencing' | 'active') =>
      changeLife(deps, admin, 'beta-pdce', { to, reason: 'r' });
    await move('leaving');
    await expect(move('left')).rejects.toThrow(/kept until/);
    clock.advance(30 * 86_400);
    await move('left');
    await move('invited');
    await move('commencing');
    await expect(move('active')).rejects.toMatchObject({
      facts: {
        unmet: ['Business impact assessment', 'Monitoring confirmed', 'Security procedures delivered'],
      },
    });
    await expect(
      changeLife(deps, admin, 'wattle-odce', { to: 'suspended', reason: 'x' }),
    ).rejects.toMatchObject({ code: 'transition-refused' });
  });

  test('contacts keep their confirmation where they stay as they were', async () => {
    const { deps, admin, clock } = world;
    await setContacts(deps, admin, 'acme', { contacts: matrix });
    clock.advance(86_400);
    const [first, ...rest] = matrix;
    if (first === undefined) throw new Error('the matrix has contacts');
    const set = await setContacts(deps, admin, 'acme', {
      contacts: [{ ...first, phone: '+61 2 5550 9999' }, ...rest],
    });
    expect(new Set(set.contacts.map(({ confirmedAt }) => confirmedAt)).size).toBe(2);
    await expect(setContacts(deps, admin, 'acme', { contacts: [...matrix, ...matrix] })).rejects.toThrow(
      /rank of its own/,
    );
    clock.advance(90 * 86_400);
    const due = await listDue(deps, admin);
    expect(
      due.find(({ kind, organisation }) => kind === 'contacts' && organisation === 'acme'),
    ).toMatchObject({
      late: true,
    });
    expect((await confirmAllContacts(deps, admin, 'acme')).standing).toBe('fresh');
  });

  test('a customer sees its own organisation and nothing of others', async () => {
    const acme = await world.account('looker', 'acme');
    const list = await listOrganisations(world.deps, acme);
    expect(list.map(({ id }) => id)).toEqual(['acme']);
    await expect(showOrganisation(world.deps, acme, 'beta')).rejects.toMatchObject({ code: 'not-found' });
    expect(JSON.stringify(await listDue(world.deps, acme))).not.toMatch(/beta/);
    expect(
      new Set((await listAppointments(world.deps, acme, undefined)).map(({ organisation }) => organisation)),
    ).toEqual(new Set(['acme']));
    const [theirs] = await world.tx((tx) => people(tx, 'beta'));
    await expect(endPerson(world.deps, acme, theirs?.id ?? '', 'x')).rejects.toMatchObject({
      code: 'not-found',
    });
    await expect(setContacts(world.deps, acme, 'beta', { contacts: [] })).rejects.toMatchObject({
      code: 'not-found',
    });
    const [own] = await world.tx(async (tx) => [await organisationState(tx, 'acme')]);
    expect(own?.tenancies).toHaveLength(2);
  });
});
