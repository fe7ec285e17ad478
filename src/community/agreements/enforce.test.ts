import { afterAll, beforeAll, expect, test } from 'vitest';
import { resume, suspend, withdraw } from './life.ts';
import { passTime } from './remind.ts';
import {
  acmePlace as acme,
  type AgreementWorld,
  type Officer,
  openAgreements,
  shippedPolicy,
} from './testing.ts';
import { agreementRoutes } from './routes.ts';

let world: AgreementWorld;
let ciso: Officer;
let analyst: Record<string, string>;
let admin: Record<string, string>;
beforeAll(async () => {
  world = await openAgreements((deps) => [agreementRoutes(deps)]);
  admin = (await world.founder()).headers;
  ciso = await world.officer('ciso@acme.example', 'acme');
  analyst = (await world.person('ann@acme.example', ['analyst'], 'acme')).headers;
}, 120_000);
afterAll(() => world.close());

const seen = async (headers: Record<string, string>) => {
  const { json } = await world.call('GET', '/api/session', headers);
  // The session's contract.
  const session = json as { permissions: string[]; tenancies: { id: string }[] };
  return { permissions: session.permissions, tenancies: session.tenancies.map(({ id }) => id) };
};

test('without an agreement in force, people of a customer read and sign, and nothing else', async () => {
  // Before there is a policy there is nothing to agree to.
  expect((await seen(analyst)).tenancies).toEqual(['acme-odce']);
  await world.publish(shippedPolicy(1), 'material');
  await world.invite(acme);
  expect(await seen(analyst)).toEqual({
    permissions: expect.not.arrayContaining(['alert.read', 'alert.work', 'event.read']),
    tenancies: [],
  });
  expect((await seen(ciso.headers)).permissions).toEqual(
    expect.arrayContaining(['agreement.read', 'agreement.sign', 'person.manage']),
  );
  expect((await world.call('GET', '/api/agreements', analyst)).status).toBe(200);
  // The provider's own people are not touched.
  expect((await seen(admin)).permissions).toContain('community.manage');

  await world.signAll(ciso, acme);
  expect(await seen(analyst)).toEqual({
    permissions: expect.arrayContaining(['alert.read', 'alert.work']),
    tenancies: ['acme-odce'],
  });
}, 120_000);

test('a suspension holds for the session that is open, and officers can still take the data out', async () => {
  await suspend(world.deps, world.staff('one'), acme, 'for a test');
  expect((await seen(analyst)).tenancies).toEqual([]);
  const officer = await seen(ciso.headers);
  expect(officer.tenancies).toEqual(['acme-odce']);
  expect(officer.permissions).toEqual(expect.arrayContaining(['event.read', 'agreement.sign']));
  expect(officer.permissions).not.toContain('support.approve');
}, 60_000);

test('a lapse holds from its second on, before anybody has recorded it, and a clock set back does not undo it', async () => {
  await resume(world.deps, world.staff('one'), acme);
  const { mandatoryAt } = await world.publish(shippedPolicy(2), 'material');
  const end = mandatoryAt ?? new Date(0);
  world.clock.set(new Date(end.getTime() - 1000));
  expect(await unserviced()).toBeUndefined();
  world.clock.set(end);
  expect(await unserviced()).toBe('ended');
  await passTime(world.deps);
  world.clock.set(new Date(end.getTime() - 10 * 86_400_000));
  expect(await unserviced()).toBe('ended');
  world.clock.set(end);
  await world.signAll(ciso, acme);
  expect(await unserviced()).toBeUndefined();
  await withdraw(world.deps, ciso.actor, acme, { reason: 'done', exitPlan: 'exported' });
  expect(await unserviced()).toBe('ended');
}, 120_000);

test('a paper is confirmed by a person, not by whoever holds the machine', async () => {
  const paper = {
    organisation: 'beta',
    environment: 'odce',
    version: 2,
    signerName: 'Jo',
    office: 'CIO',
    signedOn: '2026-05-01',
    evidenceName: 'x.pdf',
    evidenceSha256: 'a'.repeat(64),
  };
  const { json } = await world.call('POST', '/api/agreements/papers', world.local, paper);
  const confirm = (headers: Record<string, string>) =>
    world.call('POST', `/api/agreements/papers/${String(json['id'])}`, headers, {
      do: 'confirm',
      sha256: paper.evidenceSha256,
    });
  expect((await confirm(world.local)).json['code']).toBe('invalid');
  const second = await world.person('second@wattle.example', ['administrator'], 'wattle');
  expect((await confirm(second.headers)).status).toBe(200);
}, 60_000);

const unserviced = () =>
  world.records.transaction({ system: 'test' }, async (tx) =>
    (await world.deps.directory.facts(tx)).unserviced?.get('acme-odce'),
  );
