import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { scopeFor, visibleTenancies } from './directory.ts';
import { afterAttempt, isLocked, lockSeconds, maxFailures } from './lock.ts';
import { everyPermission, permissionsFor, permissionsOf } from './permissions.ts';
import { permission, role } from './contract.ts';
import { createSealer, NotUnsealed } from './sealer.ts';
import { idleExpiry, isOver } from './session.ts';
import { fixedDirectory } from './testing-directory.ts';
import { newTotpSecret, totpCode, totpStep } from './totp.ts';

const at = new Date('2026-05-04T08:00:00Z');

describe('permissions', () => {
  test('the administrator of the provider has every one, and the list has all of the contract', () => {
    expect([...everyPermission].sort()).toEqual([...permission.options].sort());
    expect(permissionsFor(['administrator'], true).size).toBe(everyPermission.length);
  });

  test('nobody outside the provider manages anything of the system, whatever their role', () => {
    for (const name of role.options) {
      const held = permissionsFor([name], false);
      for (const withheld of [
        'user.manage',
        'community.manage',
        'source.manage',
        'rule.manage',
        'health.read',
      ] as const)
        expect([name, withheld, held.has(withheld)]).toEqual([name, withheld, false]);
    }
  });

  test('an auditor changes nothing', () => {
    expect(permissionsOf.auditor.filter((name) => !name.endsWith('.read'))).toEqual([
      // A question about oneself.
      'gate.ask',
    ]);
  });
});

describe('who sees which tenancy', () => {
  const facts = fixedDirectory().now;
  test.each([
    [{ organisation: 'wattle', tenancies: [] }, ['wattle-odce', 'acme-odce', 'acme-pdce', 'beta-odce']],
    [{ organisation: 'wattle', tenancies: ['beta-odce'] }, ['beta-odce']],
    [{ organisation: 'acme', tenancies: [] }, ['acme-odce', 'acme-pdce']],
    [{ organisation: 'acme', tenancies: ['acme-pdce'] }, ['acme-pdce']],
    [{ organisation: 'acme', tenancies: ['beta-odce'] }, []],
    [{ organisation: 'gone', tenancies: [] }, []],
  ])('%j sees %j', (member, expected) => {
    expect(visibleTenancies(member, facts).map(({ id }) => id)).toEqual(expected);
    if (expected.length === 0) expect(scopeFor({ ...member, roles: [] }, facts)).toBeUndefined();
  });
});

test('five failures lock for a quarter of an hour, and then the count begins anew', () => {
  let attempts = { failures: 0, lockedUntil: null as Date | null };
  for (let n = 1; n <= maxFailures; n++) {
    expect(isLocked(attempts, at)).toBe(false);
    attempts = afterAttempt(attempts, at);
  }
  expect(isLocked(attempts, at)).toBe(true);
  const after = new Date(at.getTime() + lockSeconds * 1000);
  expect(isLocked(attempts, after)).toBe(false);
  expect(afterAttempt(attempts, after)).toEqual({ failures: 1, lockedUntil: null });
});

test('a session is over at its idle time or its end, whichever comes first', () => {
  const minutes = (n: number) => new Date(at.getTime() + n * 60_000);
  expect(idleExpiry({ lastSeenAt: at, expiresAt: minutes(720) })).toEqual(minutes(15));
  expect(idleExpiry({ lastSeenAt: minutes(710), expiresAt: minutes(720) })).toEqual(minutes(720));
  expect(isOver({ lastSeenAt: at, expiresAt: minutes(720) }, minutes(15))).toBe(true);
});

describe('codes', () => {
  // SOURCE: RFC 6238, appendix B, SHA-1; the last six of its eight digits.
  const secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
  test.each([
    [59, '287082'],
    [1_111_111_109, '081804'],
    [1_234_567_890, '005924'],
    [20_000_000_000, '353130'],
  ])('at %i s it is %s', (seconds, code) => {
    const time = new Date(seconds * 1000);
    expect(totpCode(secret, time)).toBe(code);
    expect(totpStep(secret, code, time)).toBe(Math.floor(seconds / 30));
  });

  test('hold one step around now, no more', () => {
    const own = newTotpSecret();
    const shifted = (steps: number) => totpCode(own, new Date(at.getTime() + steps * 30_000));
    const step = Math.floor(at.getTime() / 30_000);
    expect([-2, -1, 0, 1, 2].map((n) => totpStep(own, shifted(n), at))).toEqual([
      undefined,
      step - 1,
      step,
      step + 1,
      undefined,
    ]);
  });

  test.each(['', '12345', '1234567', 'abcdef', '12 456', '１２３４５６'])('%j is none', (code) => {
    expect(totpStep(secret, code, at)).toBeUndefined();
  });
});

test('what is sealed opens with the same key for the same owner, and not when a bit has changed', () => {
  const sealer = createSealer(Buffer.alloc(32, 1));
  fc.assert(
    fc.property(fc.string(), fc.string(), fc.nat(), (plain, owner, position) => {
      const sealed = sealer.seal(plain, owner);
      expect(sealer.open(sealed, owner)).toBe(plain);
      expect(() => sealer.open(sealed, `${owner}x`)).toThrow(NotUnsealed);
      expect(() => createSealer(Buffer.alloc(32, 2)).open(sealed, owner)).toThrow(NotUnsealed);
      const bent = Buffer.from(sealed);
      const at = position % bent.length;
      bent.writeUInt8(bent.readUInt8(at) ^ 1, at);
      expect(() => sealer.open(bent, owner)).toThrow(NotUnsealed);
    }),
  );
  expect(() => sealer.open(Buffer.alloc(3), 'x')).toThrow(NotUnsealed);
});
