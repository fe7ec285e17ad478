import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CommunityWorld, engines, openCommunity } from '../organisations/testing.ts';
import { countryOf, deviceById, exceptionsInForce, plainIp, remoteWorkInForce } from './index.ts';
import {
  agreeToException,
  endGrant,
  grantRemoteWork,
  importNetworks,
  listPlaces,
  proposeException,
  registerDevice,
} from './places.ts';
import { readRanges } from './ranges.ts';

describe('a list of networks', () => {
  test('has a range a line, each once, with remarks', () => {
    expect(
      readRanges('\uFEFF# ours\r\n192.0.2.0/24\n\n2001:DB8::/32 # lab\r192.0.2.0/24\n198.51.100.7'),
    ).toEqual({
      ok: true,
      ranges: ['192.0.2.0/24', '2001:db8::/32', '198.51.100.7/32'],
    });
  });

  test.each([
    'nonsense',
    '192.0.2.1/24',
    '192.0.2.0/33',
    '192.0.2.0/24/8',
    '0.0.0.0/0',
    '::/0',
    '2001:db8::1/32',
    'fe80::1%eth0',
    '192.0.2.0/-1',
    '192.0.2.0/ 24',
    '',
  ])('is refused with %j', (line) => {
    expect(readRanges(line).ok).toBe(false);
  });

  test('takes every network, and no address inside one with its prefix', () => {
    const prefix = fc.integer({ min: 8, max: 31 });
    fc.assert(
      fc.property(fc.nat(2 ** 32 - 1), prefix, (seed, bits) => {
        const size = 2 ** (32 - bits);
        const start = Math.floor(seed / size) * size;
        const dotted = (value: number) => [24, 16, 8, 0].map((shift) => (value >>> shift) & 255).join('.');
        expect(readRanges(`${dotted(start)}/${bits}`).ok).toBe(true);
        expect(readRanges(`${dotted(start + 1)}/${bits}`).ok).toBe(false);
      }),
    );
  });

  test('knows IPv4 inside IPv6 as IPv4, and no address in what is none', () => {
    expect(plainIp('::ffff:192.0.2.7')).toBe('192.0.2.7');
    expect(plainIp(' 2001:db8::1 ')).toBe('2001:db8::1');
    for (const text of ['', 'x', '192.0.2.7, 10.0.0.1', '1.2.3', 'fe80::1%eth0'])
      expect(plainIp(text)).toBeUndefined();
  });
});

describe.each(engines())('places on %s', (_engine, open) => {
  let world: CommunityWorld;
  beforeAll(async () => {
    world = await openCommunity(await open());
  }, 120_000);
  afterAll(() => world.close());
  const where = (address: string) => world.tx((tx) => countryOf(tx, address));

  test('an address is where the narrowest list says, and nowhere when no list has it', async () => {
    const load = (list: string, country: string, text: string) =>
      importNetworks(world.deps, world.admin, { list, country, origin: 'written for this test' }, text);
    await load('au', 'AU', '203.0.112.0/20\n2001:db8::/32');
    await load('nz', 'NZ', '203.0.113.0/24');
    expect([await where('203.0.112.9'), await where('203.0.113.9'), await where('198.51.100.1')]).toEqual([
      'AU',
      'NZ',
      null,
    ]);
    expect(await where('2001:db8:1::1')).toBe('AU');
    await load('au', 'AU', '198.51.100.0/24');
    expect([await where('203.0.112.9'), await where('198.51.100.1')]).toEqual([null, 'AU']);
    await expect(load('au', 'AU', '198.51.100.0/24\nrubbish')).rejects.toThrow(/Line 2/);
    expect(await where('198.51.100.1')).toBe('AU');
  });

  test('an exception holds once a second person agrees, until it expires to the very second', async () => {
    const { actor, person } = await world.member('trav', 'acme');
    const sam = await world.account('sam', 'wattle');
    const sue = await world.account('sue', 'wattle');
    const expiresAt = new Date(world.clock.now().getTime() + 86_400_000);
    const propose = () =>
      proposeException(world.deps, sam, {
        person: person.id,
        countries: ['NZ'],
        riskAssessment: 'RA-12',
        reason: 'conference',
        expiresAt: expiresAt.toISOString(),
      });
    const { id } = await propose();
    const inForce = (at: Date) => world.tx((tx) => exceptionsInForce(tx, person.id, at));
    expect(await inForce(world.clock.now())).toEqual([]);
    await expect(agreeToException(world.deps, sam, id)).rejects.toMatchObject({ code: 'exception-refused' });
    expect((await world.ledger()).at(-1)?.action).toBe('place-exception.refused');
    await expect(agreeToException(world.deps, actor, id)).rejects.toMatchObject({ code: 'not-allowed' });
    await agreeToException(world.deps, sue, id);
    expect(await inForce(new Date(expiresAt.getTime() - 1))).toMatchObject([{ id, countries: ['NZ'] }]);
    expect(await inForce(expiresAt)).toEqual([]);
    await endGrant(world.deps, actor, 'exception', id);
    expect(await inForce(world.clock.now())).toEqual([]);
    const other = await world.account('zed', 'beta');
    const second = await propose();
    await expect(endGrant(world.deps, other, 'exception', second.id)).rejects.toMatchObject({
      code: 'not-found',
    });
    expect((await listPlaces(world.deps, other)).exceptions).toEqual([]);
    expect((await listPlaces(world.deps, actor)).exceptions.map(({ state }) => state).sort()).toEqual([
      'ended',
      'proposed',
    ]);
  });

  test('remote work is granted by somebody else, for a time', async () => {
    const { actor, person } = await world.member('home', 'acme');
    const boss = await world.account('boss', 'acme');
    const grant = (by: typeof actor, expiresAt: string) =>
      grantRemoteWork(world.deps, by, { person: person.id, policy: 'remote work policy 3', expiresAt });
    const until = new Date(world.clock.now().getTime() + 60_000);
    await expect(grant(actor, until.toISOString())).rejects.toThrow(/themselves/);
    await expect(grant(boss, world.clock.now().toISOString())).rejects.toThrow(/over already/);
    await grant(boss, until.toISOString());
    const at = (time: Date) => world.tx((tx) => remoteWorkInForce(tx, person.id, time));
    expect(await at(world.clock.now())).toMatchObject({ grantedBy: 'boss' });
    expect(await at(until)).toBeUndefined();
  });

  test('a device says when its posture was checked; an unknown one never was', async () => {
    const { person } = await world.member('dev', 'wattle');
    const register = (posture: 'met' | 'unknown') =>
      registerDevice(world.deps, world.admin, 'laptop-7', {
        person: person.id,
        name: 'Laptop 7',
        managed: true,
        posture,
      });
    await register('met');
    expect(await world.tx((tx) => deviceById(tx, 'laptop-7'))).toMatchObject({
      managed: true,
      posture: 'met',
      postureCheckedAt: world.clock.now(),
    });
    await register('unknown');
    expect(await world.tx((tx) => deviceById(tx, 'laptop-7'))).toMatchObject({ postureCheckedAt: null });
  });
});
