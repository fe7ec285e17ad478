import { describe, expect, test } from 'vitest';
import type { Fact } from '#governance/evidence';
import { evaluatorNamed, type Given, judged } from '../testing.ts';

const now = new Date('2026-06-30T00:00:00Z');
const account = (name: string, values: Fact['values'] = {}): Fact => ({
  subject: name,
  values: { privileged: true, enabled: true, ...values },
});
const accounts = (...facts: readonly Fact[]): Given => ({ kind: 'directory.accounts', facts });
const approvals = (...facts: readonly Fact[]): Given => ({ kind: 'access.approvals', facts });

describe('idle privileged accounts', () => {
  const idle = evaluatorNamed('e8.privilege.idle');
  const of = (values: Fact['values']) => judged(idle, [accounts(account('adm-ann', values))], now);

  test('45 days to the hour are in time, and the verdict turns then by itself', () => {
    expect(of({ lastActive: '2026-05-16T00:00:00Z' }).status).toBe('satisfied');
    expect(of({ lastActive: '2026-05-15T23:00:00Z' })).toMatchObject({
      status: 'not-satisfied',
      failing: [{ subject: 'adm-ann', due: new Date('2026-06-29T23:00:00Z') }],
    });
    expect(of({ lastActive: '2026-06-20T00:00:00Z' })).toMatchObject({
      status: 'satisfied',
      until: new Date('2026-08-04T00:00:00Z'),
    });
  });

  test('lastLogonTimestamp may be 14 days off: within these nobody can tell', () => {
    expect(of({ lastActive: '2026-05-10T00:00:00Z', lastActiveLagDays: 14 }).status).toBe('unknown');
    expect(of({ lastActive: '2026-04-30T00:00:00Z', lastActiveLagDays: 14 }).status).toBe('not-satisfied');
  });

  test('never used counts from when it was made; without either it is unknown', () => {
    expect(of({ created: '2026-01-01T00:00:00Z' })).toMatchObject({ status: 'not-satisfied' });
    expect(of({ created: '2026-06-01T00:00:00Z' }).status).toBe('satisfied');
    expect(of({}).status).toBe('unknown');
  });

  test('disabled accounts and those without privileges don’t count', () => {
    const old = { lastActive: '2025-01-01T00:00:00Z' };
    const given = [
      accounts(
        account('a', { lastActive: '2026-06-29T00:00:00Z' }),
        account('b', { ...old, enabled: false }),
        account('c', { ...old, privileged: false }),
      ),
    ];
    expect(judged(idle, given, now)).toMatchObject({ status: 'satisfied', tested: 1, of: 1 });
  });

  test('an export without any privileged account is likely not whole, and none is unknown', () => {
    expect(judged(idle, [accounts(account('c', { privileged: false }))], now)).toMatchObject({
      status: 'unknown',
      because: expect.stringContaining('not whole'),
    });
    expect(judged(idle, [], now).status).toBe('unknown');
  });
});

describe('confirmed privileges', () => {
  const validated = evaluatorNamed('e8.privilege.validated');
  const of = (...register: readonly Given[]) =>
    judged(validated, [accounts(account('adm-ann')), ...register], now);
  const on = (day: string) =>
    approvals({ subject: 'ADM-ANN', values: { access: 'privileged', validated: day } });

  test('twelve months to the day', () => {
    expect(of(on('2025-07-01')).status).toBe('satisfied');
    expect(of(on('2025-06-30'))).toMatchObject({ status: 'not-satisfied', failing: [{ due: now }] });
  });

  test('an account that isn’t in the register fails; without a register it is unknown', () => {
    expect(
      of(approvals({ subject: 'other', values: { access: 'privileged', validated: '2026-06-01' } })).status,
    ).toBe('not-satisfied');
    expect(of()).toMatchObject({ status: 'unknown' });
  });

  test('the first request is a matter of the register as well', () => {
    const requested = evaluatorNamed('e8.privilege.requested');
    expect(judged(requested, [accounts(account('adm-ann')), on('2020-01-01')], now)).toMatchObject({
      status: 'satisfied',
      confidence: 'attested',
    });
    expect(judged(requested, [accounts(account('adm-bob')), on('2020-01-01')], now).status).toBe(
      'not-satisfied',
    );
    expect(judged(requested, [accounts(account('adm-bob'))], now).status).toBe('unknown');
  });
});

test('an account for everyday work is no dedicated one', () => {
  const dedicated = evaluatorNamed('e8.privilege.dedicated');
  const of = (...facts: readonly Fact[]) => judged(dedicated, [accounts(...facts)], now);
  expect(of(account('ann', { mail: 'ann@harbour.example' }))).toMatchObject({
    status: 'not-satisfied',
    failing: [{ why: expect.stringContaining('mailbox') }],
  });
  expect(of(account('adm-ann', { person: '7' })).status).toBe('not-satisfied');
  expect(
    of(account('adm-ann', { person: '7' }), account('ann', { person: '7', privileged: false })),
  ).toMatchObject({ status: 'satisfied', confidence: 'partial' });
  expect(of(account('adm-ann')).status).toBe('unknown');
});

test('a mailbox is online; without one it can’t be told from a directory alone', () => {
  const offline = evaluatorNamed('e8.privilege.offline');
  expect(judged(offline, [accounts(account('adm', { mail: 'adm@harbour.example' }))], now).status).toBe(
    'not-satisfied',
  );
  expect(
    judged(
      offline,
      [
        accounts(account('adm', { mail: 'adm@harbour.example' })),
        approvals({ subject: 'adm', values: { access: 'internet', validated: '2026-01-01' } }),
      ],
      now,
    ).status,
  ).toBe('satisfied');
  expect(judged(offline, [accounts(account('adm'))], now).status).toBe('unknown');
});

test('privileges that stand all the time aren’t just in time', () => {
  const inTime = evaluatorNamed('e8.privilege.just-in-time');
  const of = (standing: boolean | null) =>
    judged(inTime, [accounts(account('adm', { standing }))], now).status;
  expect([of(false), of(true), of(null)]).toEqual(['satisfied', 'not-satisfied', 'unknown']);
});
