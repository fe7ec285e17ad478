import { generateKeyPairSync } from 'node:crypto';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readCertificate } from './ssh/certificate.ts';
import { blobOf, lineOf } from './ssh/keys.ts';
import { openSupportWorld, type SupportWorld } from './testing.ts';

let world: SupportWorld;
beforeAll(async () => {
  world = await openSupportWorld({ gateway: true });
});
afterAll(() => world.close());

const publicKey = lineOf(blobOf(generateKeyPairSync('ed25519').publicKey), 'eli@laptop');
const certificate = (id: string, who = world.people.eli) =>
  world.post(world.path(id, '/certificate'), who, { publicKey });
const approval = (id: string) => world.path(id, '/approval');
/** What was tried in vain, as the ledger has it. */
const attempts = async (id: string) =>
  (await world.ledger(id)).flatMap(({ action, facts }) =>
    action === 'support.attempt-refused' ? [facts] : [],
  );

describe('a planned session', () => {
  test('goes from the request to the countersigned summary, and every step is in the ledger', async () => {
    const { people, path, sign, post, show } = world;
    const id = await world.request();
    expect(await show(id)).toMatchObject({
      state: 'requested',
      waiting: { on: 'customer' },
      may: ['cancel'],
    });
    expect(await show(id, people.cas)).toMatchObject({ may: ['approve', 'refuse'] });
    world.clock.advance(60);
    expect((await sign(approval(id), people.cas)).json).toMatchObject({
      state: 'customer-approved',
      waiting: { on: 'provider' },
      waitedSeconds: { customer: 60 },
      customerApproval: { by: { id: people.cas.id }, office: 'approver', standing: null },
    });
    expect((await sign(approval(id), people.coo)).json).toMatchObject({
      state: 'provider-approved',
      providerApproval: { office: 'coo' },
    });
    const issued = await certificate(id);
    expect(issued).toMatchObject({ status: 200, json: { logins: [{ system: 'web-1', login: id }] } });
    const [, encoded = ''] = String(issued.json['certificate']).split(' ');
    const read = readCertificate(Buffer.from(encoded, 'base64'), world.support.authorities.engineers.blob);
    expect(read).toMatchObject({
      keyId: id,
      principals: [id],
      sourceAddresses: ['127.0.0.1'],
      extensions: ['permit-pty'],
    });
    expect(read.validBefore.getTime() - world.clock.now().getTime()).toBe(30 * 60_000);
    expect(await show(id)).toMatchObject({ state: 'live', startedAt: world.clock.now().toISOString() });

    world.clock.advance(600);
    expect((await post(path(id, '/end'), people.cas, { reason: 'Thank you.' })).json).toMatchObject({
      state: 'ended',
      end: { code: 'ended-by-customer', by: 'cas@acme.example' },
    });
    expect((await certificate(id)).json).toMatchObject({ code: 'support-step' });
    expect(
      (await post(path(id, '/summary'), people.eli, { changed: 'Put the old library back.' })).json,
    ).toMatchObject({
      state: 'summarised',
      summary: { changed: 'Put the old library back.', seconds: 600 },
      waiting: { on: 'customer' },
    });
    expect((await sign(path(id, '/countersignature'), people.coo)).json).toMatchObject({
      code: 'may-not-approve',
    });
    expect((await sign(path(id, '/countersignature'), people.cas)).json).toMatchObject({
      state: 'countersigned',
      waiting: null,
    });
    expect((await world.ledger(id)).map(({ action }) => action)).toEqual([
      'support.requested',
      'support.customer-approved',
      'support.provider-approved',
      'support.started',
      'support.ended',
      // The certificate after the end, and the countersignature by the provider.
      'support.attempt-refused',
      'support.summarised',
      'support.attempt-refused',
      'support.countersigned',
    ]);
  });

  test('is not used before both have approved', async () => {
    const id = await world.request();
    expect((await certificate(id)).json).toMatchObject({ code: 'support-step', status: 409 });
    await world.sign(approval(id), world.people.cas);
    expect((await certificate(id)).json).toMatchObject({ code: 'support-step' });
    expect(await world.show(id)).toMatchObject({ state: 'customer-approved', startedAt: null });
    expect(await attempts(id)).toMatchObject([
      { tried: 'connect', code: 'support-step', state: 'requested' },
      { tried: 'connect', code: 'support-step', state: 'customer-approved' },
    ]);
  });

  test('is approved by nobody who asked for it, is in it, or approved before; nor without the office', async () => {
    const { people, offices, sign } = world;
    const other = await world.request({}, people.coo).catch((error: unknown) => String(error));
    expect(other).toMatch(/not-allowed/);
    // Offices do not help who has a part in it.
    for (const who of [people.rae, people.eli]) offices.set(who.id, ['coo', 'ciso']);
    const id = await world.request();
    // The provider can't stand in for the customer.
    expect((await sign(approval(id), people.coo)).json).toMatchObject({ code: 'may-not-approve' });
    expect((await sign(approval(id), people.zoe)).json).toMatchObject({ code: 'not-found' });
    await sign(approval(id), people.cas);
    for (const who of [people.rae, people.eli, people.cas, people.eva]) {
      expect((await sign(approval(id), who)).json).toMatchObject({ code: 'may-not-approve' });
      expect(await world.show(id)).toMatchObject({ state: 'customer-approved' });
    }
    expect(await world.show(id, people.rae)).toMatchObject({
      mayNotApprove: expect.stringContaining('asked for'),
    });
    expect((await attempts(id)).map(({ why }) => why)).toEqual([
      expect.stringContaining("customer's to approve"),
      expect.stringContaining('You asked for this session'),
      expect.stringContaining('You are one of its engineers'),
      expect.stringContaining('You approved it for the customer'),
      expect.stringContaining('CISO or COO'),
    ]);
    for (const who of [people.rae, people.eli]) offices.set(who.id, []);
    // An appointment that is over.
    offices.set(people.coo.id, []);
    expect((await sign(approval(id), people.coo)).json).toMatchObject({ code: 'may-not-approve' });
    offices.set(people.coo.id, ['coo']);
    expect((await sign(approval(id), people.coo)).status).toBe(200);
  });

  test('takes an approval for its own record only, and once', async () => {
    const { people, post } = world;
    const [one, two] = [await world.request(), await world.request({ minutes: 240 })];
    const offered = await post(`${approval(one)}/options`, people.cas);
    const { challenge } = offered.json['options'] as { challenge: string };
    const body = { offeredAt: offered.json['offeredAt'], answer: people.cas.key.get(challenge) };
    expect((await post(approval(two), people.cas, body)).json).toMatchObject({ code: 'signature-refused' });
    expect(
      (await post(approval(one), people.cas, { ...body, offeredAt: '2026-05-04T08:00:01.000Z' })).json,
    ).toMatchObject({ code: 'signature-refused' });
    expect((await post(approval(one), people.cas, body)).status).toBe(200);
    // Used up; and the state has moved on.
    expect((await post(approval(one), people.cas, body)).json['code']).toMatch(
      /may-not-approve|signature-refused/,
    );
    expect(await world.show(two)).toMatchObject({ state: 'requested' });
    expect(await attempts(two)).toMatchObject([{ tried: 'approve', code: 'signature-refused' }]);
    expect((await attempts(one)).length).toBe(2);
  });

  test('expires unused after 24 hours, at the very second', async () => {
    const id = await world.approved();
    world.clock.advance(24 * 3600 - 1);
    expect(await world.show(id)).toMatchObject({ state: 'provider-approved' });
    world.clock.advance(1);
    expect(await world.show(id)).toMatchObject({ state: 'expired' });
    expect((await certificate(id)).json).toMatchObject({ code: 'support-step' });
    await expect
      .poll(async () => (await world.ledger(id)).map(({ action }) => action))
      .toContain('support.expired');
  });

  test('that the gate denies does not start, and the denial is recorded', async () => {
    const { people, denied } = world;
    const id = await world.approved();
    denied.set(people.eli.id, 'No clearance of NV1 is known.');
    expect((await certificate(id)).json).toMatchObject({
      code: 'gate-denied',
      status: 403,
      reasons: ['No clearance of NV1 is known.'],
    });
    expect(await world.show(id)).toMatchObject({ state: 'provider-approved', startedAt: null });
    expect((await world.ledger(id)).at(-1)).toMatchObject({ action: 'support.connect-denied' });
    denied.delete(people.eli.id);
    expect((await certificate(id, people.eva)).json).toMatchObject({ code: 'not-allowed' });
    expect((await certificate(id)).status).toBe(200);
  });

  test('is ended by the gate within seconds, also when nobody is connected; the customer is not told why', async () => {
    const { people, denied } = world;
    const id = await world.approved();
    await certificate(id);
    denied.set(people.eli.id, 'The clearance was suspended.');
    await expect.poll(async () => (await world.show(id))['state'], { timeout: 5000 }).toBe('ended');
    denied.delete(people.eli.id);
    expect(await world.show(id)).toMatchObject({
      end: { code: 'gate-denied', detail: expect.stringContaining('suspended') },
    });
    expect(await world.show(id, people.cas)).toMatchObject({ end: { code: 'gate-denied', detail: null } });
  });

  test('ends when its minutes are over', async () => {
    const id = await world.approved({ minutes: 1 });
    await certificate(id);
    world.clock.advance(60);
    await expect.poll(async () => (await world.show(id))['state'], { timeout: 5000 }).toBe('ended');
    expect(await world.show(id)).toMatchObject({ end: { code: 'time-is-up' } });
  });

  test.each([
    [{ minutes: 241 }],
    [{ minutes: 0 }],
    [{ kind: 'break-glass', minutes: 61 }],
    [{ tenancy: 'wattle-odce' }],
    [{ engineers: ['nobody'] }],
    [{ engineers: [] }],
    [{ reason: 'short' }],
    [{ systems: [] }],
    [{ systems: [{ name: 'a', host: 'a', port: 22, account: 'root', hostKey: 'anything' }] }],
    [
      {
        systems: [
          {
            name: 'a',
            host: '-oProxyCommand=x',
            port: 22,
            account: 'root',
            hostKey: `SHA256:${'A'.repeat(43)}`,
          },
        ],
      },
    ],
  ])('is not asked for with %j', async (more) => {
    const base = {
      tenancy: 'acme-odce',
      reason: 'A reason that is long enough.',
      minutes: 30,
      systems: [world.system],
      engineers: [world.people.eli.id],
    };
    const answer = await world.post('/api/support/sessions', world.people.rae, { ...base, ...more });
    expect(answer.json).toMatchObject({ code: 'invalid', status: 400 });
  });

  test('takes no key that is none', async () => {
    const id = await world.approved();
    const answer = await world.post(world.path(id, '/certificate'), world.people.eli, {
      publicKey: 'ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAAQ==',
    });
    expect(answer.json).toMatchObject({ code: 'key-not-taken', status: 400 });
    expect(await world.show(id)).toMatchObject({ state: 'provider-approved' });
  });

  test('may be refused by either side and taken back, and is over then', async () => {
    const { people, path, post } = world;
    const refused = await world.request();
    expect(
      (await post(path(refused, '/refusal'), people.cas, { reason: 'Not this week.' })).json,
    ).toMatchObject({ state: 'refused', end: { code: 'refused-by-customer' } });
    expect((await world.sign(approval(refused), people.cas)).json).toMatchObject({ code: 'support-step' });
    const late = await world.approved();
    expect(
      (await post(path(late, '/refusal'), people.sam, { reason: 'A change freeze.' })).json,
    ).toMatchObject({ state: 'refused' });
    expect((await certificate(late)).json).toMatchObject({ code: 'support-step' });
    const taken = await world.request();
    expect((await post(path(taken, '/cancellation'), people.rae)).json).toMatchObject({ state: 'cancelled' });
  });
});

describe('break glass', () => {
  const urgent = { kind: 'break-glass', minutes: 60, reason: 'Ransomware is spreading in the portal.' };

  test('needs the customer: without a standing approval, a live one', async () => {
    const { people, sign } = world;
    const id = await world.request(urgent);
    expect(await world.show(id)).toMatchObject({ state: 'requested' });
    // A second person of the provider's is not the customer.
    expect((await sign(approval(id), people.eva)).json).toMatchObject({ code: 'may-not-approve' });
    expect((await certificate(id)).json).toMatchObject({ code: 'support-step' });
    expect((await sign(approval(id), people.cia)).json).toMatchObject({ state: 'customer-approved' });
    // The two people of the provider are two.
    expect((await sign(approval(id), people.rae)).json).toMatchObject({ code: 'may-not-approve' });
    expect((await sign(approval(id), people.eva)).json).toMatchObject({ state: 'provider-approved' });
  });

  test('with a standing approval takes two people, tells both officers at once, and is reviewed in two working days', async () => {
    const { people, path, sign, post, call } = world;
    // A Friday afternoon.
    world.clock.set('2026-05-08T15:00:00+10:00');
    const standing = await sign('/api/support/standing', people.cia, { tenancy: 'acme-odce', days: 30 });
    expect(standing).toMatchObject({ status: 201, json: { tenancy: 'acme-odce', office: 'ciso' } });
    const id = await world.request(urgent);
    expect(await world.show(id)).toMatchObject({
      state: 'customer-approved',
      customerApproval: { by: { id: people.cia.id }, standing: standing.json['id'] },
    });
    const notices = async (who: typeof people.cia) =>
      (
        (await call('GET', '/api/support/notices', who.headers)).json['notices'] as {
          id: string;
          session: string;
          office: string;
          seenAt: string | null;
        }[]
      ).filter(({ session }) => session === id);
    for (const who of [people.cia, people.sam])
      expect(await notices(who)).toMatchObject([{ office: 'ciso', seenAt: null }]);
    expect(await notices(people.zoe)).toEqual([]);
    expect((await certificate(id)).json).toMatchObject({ code: 'support-step' });
    await sign(approval(id), people.eva);

    // Never for the uncleared.
    world.denied.set(people.eli.id, 'No clearance is known.');
    expect((await certificate(id)).json).toMatchObject({ code: 'gate-denied' });
    world.denied.delete(people.eli.id);
    expect((await certificate(id)).status).toBe(200);
    expect((await notices(people.sam)).length).toBe(2);
    const [first] = await notices(people.cia);
    expect((await post(`/api/support/notices/${first?.id}/seen`, people.cia)).status).toBe(200);
    expect((await post(`/api/support/notices/${first?.id}/seen`, people.cia)).status).toBe(404);

    await post(path(id, '/end'), people.eli, { reason: 'Contained.' });
    expect(await world.show(id)).toMatchObject({
      reviewDueAt: '2026-05-12T05:00:00.000Z',
      reviewOverdue: false,
    });
    for (const who of [people.rae, people.eva, people.eli]) {
      const answer = await post(path(id, '/review'), who, { finding: 'All was well, I say.' });
      expect(answer.status).toBe(403);
    }
    world.clock.set('2026-05-12T15:00:00+10:00');
    expect(await world.show(id)).toMatchObject({ reviewOverdue: true });
    expect(
      (await post(path(id, '/review'), people.sam, { finding: 'Justified; the account was closed after.' }))
        .json,
    ).toMatchObject({
      reviewOverdue: false,
      review: { office: 'ciso' },
    });
    expect((await world.ledger(id)).at(-1)).toMatchObject({
      action: 'support.reviewed',
      facts: { late: true },
    });
  });

  test('does not start on a standing approval that was taken back, or has run out', async () => {
    const { people, sign, call } = world;
    world.clock.set('2026-05-20T15:00:00+10:00');
    for (const { id } of (await call('GET', '/api/support/standing', people.cia.headers)).json[
      'standing'
    ] as { id: string }[])
      await call('DELETE', `/api/support/standing/${id}`, people.cia.headers);
    const given = await sign('/api/support/standing', people.cia, { tenancy: 'acme-odce', days: 1 });
    const id = await world.request(urgent);
    await sign(approval(id), people.eva);
    expect(
      (await call('DELETE', `/api/support/standing/${String(given.json['id'])}`, people.zoe.headers)).status,
    ).toBe(404);
    await call('DELETE', `/api/support/standing/${String(given.json['id'])}`, people.cia.headers);
    expect((await certificate(id)).json).toMatchObject({ code: 'may-not-approve' });
    expect(await world.show(await world.request(urgent))).toMatchObject({ state: 'requested' });

    await sign('/api/support/standing', people.cia, { tenancy: 'acme-odce', days: 1 });
    world.clock.advance(24 * 3600);
    expect(await world.show(await world.request(urgent))).toMatchObject({ state: 'requested' });
  });
});

describe('who may look', () => {
  test('another customer sees nothing of it and can do nothing with it', async () => {
    const { people, call, post, path } = world;
    const id = await world.approved();
    expect((await call('GET', path(id), people.zoe.headers)).status).toBe(404);
    expect(JSON.stringify((await call('GET', '/api/support/sessions', people.zoe.headers)).json)).not.toMatch(
      /acme/,
    );
    for (const what of ['/end', '/refusal'])
      expect((await post(path(id, what), people.zoe, { reason: 'mine now' })).status).toBe(404);
    expect((await post(`${approval(id)}/options`, people.zoe)).status).toBe(404);
    expect(await world.show(id)).toMatchObject({ state: 'provider-approved' });
  });

  test('the customer sees who looked: reads across, sessions', async () => {
    const { people, call, crossReads } = world;
    const id = await world.approved();
    await certificate(id);
    const at = world.clock.now();
    crossReads.push({ tenancy: 'acme-odce', actorName: 'Ann', organisation: 'wattle', what: 'event', at });
    crossReads.push({ tenancy: 'acme-odce', actorName: 'Own', organisation: 'acme', what: 'event', at });
    const { seen } = (await call('GET', '/api/support/seen', people.cas.headers)).json as {
      seen: { who: string; what: string; session: string | null }[];
    };
    expect(seen).toContainEqual(expect.objectContaining({ who: 'Ann', what: 'events' }));
    expect(seen).toContainEqual(
      expect.objectContaining({ who: 'eli', what: 'support-session', session: id }),
    );
    expect(seen.some(({ who }) => who === 'Own')).toBe(false);
  });

  test('the keys are for the owner of the folder only', () => {
    for (const name of ['engineers', 'targets', 'host'])
      expect(statSync(join(world.keys, `ssh-${name}.key`)).mode & 0o777).toBe(0o600);
  });
});
