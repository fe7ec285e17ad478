import { describe, expect, test } from 'vitest';
import type { Fact } from '#governance/evidence';
import { evaluatorNamed, type Given, judged } from '../testing.ts';

const now = new Date('2026-03-20T00:00:00Z');
const services = evaluatorNamed('e8.mfa.online-services');

const signIn = (who: string, values: Fact['values'] = {}): Fact => ({
  subject: who,
  at: new Date('2026-03-18T01:00:00Z'),
  values: {
    result: 'success',
    interactive: true,
    second: 'satisfied',
    methods: ['FIDO2 security key'],
    application: 'Mail',
    ...values,
  },
});
const signIns = (...facts: readonly Fact[]): Given => ({ kind: 'identity.sign-ins', facts });
const registered = (...people: readonly (string | Fact)[]): Given => ({
  kind: 'identity.registrations',
  facts: people.map((one) =>
    typeof one === 'string' ? { subject: one, values: { admin: false, enabled: true } } : one,
  ),
});
const admin = (who: string): Fact => ({ subject: who, values: { admin: true, enabled: true } });
const policy = (values: Fact['values']): Given => ({
  kind: 'identity.access-policies',
  facts: [
    {
      subject: 'Everybody by key',
      values: { everybody: true, everything: true, excludes: false, requires: ['mfa'], ...values },
    },
  ],
});

describe('a second factor for online services', () => {
  test('is satisfied where everybody who has an account signed in with one', () => {
    expect(
      judged(services, [signIns(signIn('ann'), signIn('Ben')), registered('Ann', 'ben')], now),
    ).toMatchObject({
      status: 'satisfied',
      confidence: 'direct',
      tested: 2,
      of: 2,
    });
  });

  test('is not satisfied by one sign-in with one factor, and says whose, to what and when', () => {
    const found = judged(
      services,
      [signIns(signIn('ann'), signIn('ben'), signIn('ben', { second: 'none' })), registered('ann', 'ben')],
      now,
    );
    expect(found).toMatchObject({
      status: 'not-satisfied',
      failing: [{ subject: 'ben', why: 'signed in to Mail with one factor on 2026-03-18' }],
    });
  });

  test('is unknown without a list of everybody, however good the log', () => {
    expect(judged(services, [signIns(signIn('ann'))], now)).toMatchObject({
      status: 'unknown',
      wouldSettle: [expect.stringContaining('registrations')],
    });
  });

  test('is unknown while many didn’t sign in', () => {
    expect(judged(services, [signIns(signIn('ann')), registered('ann', 'ben', 'cat')], now)).toMatchObject({
      status: 'unknown',
      because: expect.stringContaining('ben, cat'),
    });
  });

  test('is taken in part where one of twenty or more didn’t sign in', () => {
    const people = Array.from({ length: 20 }, (_, at) => `p${at}`);
    const found = judged(
      services,
      [signIns(...people.map((who) => signIn(who))), registered(...people, 'away')],
      now,
    );
    expect(found).toMatchObject({ status: 'satisfied', confidence: 'partial', tested: 20, of: 21 });
  });

  test('an enabled policy for everybody stands for who didn’t sign in, as a proxy', () => {
    const found = judged(
      services,
      [signIns(signIn('ann')), registered('ann', 'ben'), policy({ state: 'enabled' })],
      now,
    );
    expect(found).toMatchObject({ status: 'satisfied', confidence: 'proxy' });
    expect(
      judged(
        services,
        [signIns(signIn('ann')), registered('ann', 'ben'), policy({ state: 'enabled', excludes: true })],
        now,
      ).status,
    ).toBe('unknown');
  });

  test('a report-only policy is not implemented', () => {
    expect(judged(services, [registered('ann'), policy({ state: 'report-only' })], now)).toMatchObject({
      status: 'not-satisfied',
      confidence: 'proxy',
      failing: [{ subject: 'Everybody by key', why: 'report-only, which is not implemented' }],
    });
    // And where sign-ins show that people are asked all the same, the sign-ins count.
    expect(
      judged(services, [signIns(signIn('ann')), registered('ann'), policy({ state: 'report-only' })], now)
        .status,
    ).toBe('satisfied');
  });

  test('failed and non-interactive sign-ins and a log that doesn’t say prove nothing', () => {
    const some = signIns(
      signIn('ann', { result: 'failure', second: 'none' }),
      signIn('ann', { interactive: false, second: 'none' }),
      signIn('ann', { second: 'unknown' }),
    );
    expect(judged(services, [some, registered('ann')], now).status).toBe('unknown');
  });

  test('no evidence is unknown', () => {
    expect(judged(services, [], now)).toMatchObject({ status: 'unknown' });
  });

  test('evidence of a lower ceiling lowers the verdict', () => {
    expect(
      judged(services, [{ ...signIns(signIn('ann')), ceiling: 'attested' }, registered('ann')], now),
    ).toMatchObject({ confidence: 'attested' });
  });
});

describe('people with privileges', () => {
  const privileged = evaluatorNamed('e8.mfa.privileged');
  const unprivileged = evaluatorNamed('e8.mfa.unprivileged');
  const evidence = [
    signIns(signIn('root', { second: 'none' }), signIn('ann')),
    registered('ann', admin('root')),
  ];

  test('are judged apart from the others', () => {
    expect(judged(privileged, evidence, now)).toMatchObject({
      status: 'not-satisfied',
      failing: [{ subject: 'root' }],
    });
    expect(judged(unprivileged, evidence, now)).toMatchObject({
      status: 'satisfied',
      confidence: 'proxy',
      tested: 1,
    });
  });

  test('are unknown where nobody says who they are', () => {
    const unsaid = registered({ subject: 'root', values: { enabled: true } });
    expect(judged(privileged, [signIns(signIn('root')), unsaid], now)).toMatchObject({
      status: 'unknown',
      because: 'Nobody says who has privileges.',
    });
  });
});

describe('what can’t be phished', () => {
  const resistant = evaluatorNamed('e8.mfa.resistant-services');
  test.each([
    ['FIDO2 security key', 'satisfied'],
    ['Windows Hello for Business', 'satisfied'],
    ['X.509 Certificate', 'satisfied'],
    ['Text message', 'not-satisfied'],
    ['Mobile app notification', 'not-satisfied'],
    ['Previously satisfied', 'unknown'],
  ] as const)('%s: %s', (method, status) => {
    expect(
      judged(resistant, [signIns(signIn('ann', { methods: ['Password', method] })), registered('ann')], now)
        .status,
    ).toBe(status);
  });

  test('one sign-in by text message is told, whatever else the person has', () => {
    const both = signIns(signIn('ann'), signIn('ann', { methods: ['Text message'] }));
    expect(judged(resistant, [both, registered('ann')], now)).toMatchObject({
      status: 'not-satisfied',
      failing: [{ why: expect.stringContaining('Text message') }],
    });
  });
});

test('an e-mailed code is no factor', () => {
  const kinds = evaluatorNamed('e8.mfa.kinds');
  expect(
    judged(kinds, [signIns(signIn('ann', { methods: ['Email OTP'] })), registered('ann')], now).status,
  ).toBe('not-satisfied');
  expect(
    judged(kinds, [signIns(signIn('ann', { methods: ['Text message'] })), registered('ann')], now).status,
  ).toBe('satisfied');
  expect(
    judged(kinds, [signIns(signIn('ann', { methods: ['Previously satisfied'] })), registered('ann')], now)
      .status,
  ).toBe('unknown');
});

test('a log of second factors needs successes and failures', () => {
  const logged = evaluatorNamed('e8.mfa.logged');
  expect(
    judged(logged, [signIns(signIn('ann'), signIn('ann', { second: 'failed', result: 'failure' }))], now),
  ).toMatchObject({ status: 'satisfied', confidence: 'proxy' });
  expect(judged(logged, [signIns(signIn('ann'))], now)).toMatchObject({
    status: 'unknown',
    because: expect.stringContaining('failures may be left out'),
  });
  expect(judged(logged, [], now).status).toBe('unknown');
});
