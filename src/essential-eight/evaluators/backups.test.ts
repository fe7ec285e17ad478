import { describe, expect, test } from 'vitest';
import type { Fact } from '#governance/evidence';
import { evaluatorNamed, type Given, judged } from '../testing.ts';

const now = new Date('2026-03-20T12:00:00Z');
const plan = (...facts: readonly Fact[]): Given => ({ kind: 'backup.plan', facts });
const ledger: Fact = { subject: 'Ledger', values: { newestWithinHours: 24 } };
const runs = (...facts: readonly Fact[]): Given => ({ kind: 'backup.runs', facts });
const run = (at: string, result = 'success'): Fact => ({
  subject: 'ledger',
  at: new Date(at),
  values: { result, repository: 'vault-1' },
});

describe('backups', () => {
  const performed = evaluatorNamed('e8.backup.performed');

  test('as fresh as the plan asks are satisfied, in part, and turn when the newest is too old', () => {
    expect(judged(performed, [plan(ledger), runs(run('2026-03-19T13:00:00Z'))], now)).toMatchObject({
      status: 'satisfied',
      confidence: 'partial',
      until: new Date('2026-03-20T13:00:00Z'),
    });
    expect(
      judged(
        performed,
        [plan(ledger), runs(run('2026-03-19T13:00:00Z', 'warning'), run('2026-03-20T00:00:00Z', 'failed'))],
        now,
      ).status,
    ).toBe('satisfied');
  });

  test('too old when the results were collected is a failure; results that stopped coming are unknown', () => {
    expect(judged(performed, [plan(ledger), runs(run('2026-03-18T00:00:00Z'))], now)).toMatchObject({
      status: 'not-satisfied',
      failing: [{ subject: 'Ledger', due: new Date('2026-03-19T00:00:00Z') }],
    });
    const older = { ...runs(run('2026-03-18T00:00:00Z')), collectedAt: new Date('2026-03-18T01:00:00Z') };
    expect(judged(performed, [plan(ledger), older], now)).toMatchObject({
      status: 'unknown',
      because: expect.stringContaining('missing'),
    });
  });

  test('only failed runs are a failure', () => {
    expect(judged(performed, [plan(ledger), runs(run('2026-03-20T11:00:00Z', 'failed'))], now).status).toBe(
      'not-satisfied',
    );
  });

  test('without a plan, or without results of half of it, nobody can tell', () => {
    expect(judged(performed, [runs(run('2026-03-20T11:00:00Z'))], now)).toMatchObject({
      status: 'unknown',
      wouldSettle: expect.arrayContaining([expect.stringContaining('plan')]),
    });
    expect(
      judged(
        performed,
        [
          plan(ledger, { subject: 'Files', values: { newestWithinHours: 24 } }),
          runs(run('2026-03-20T11:00:00Z')),
        ],
        now,
      ),
    ).toMatchObject({ status: 'unknown', because: expect.stringContaining('Files') });
  });
});

describe('restore tests', () => {
  const restored = evaluatorNamed('e8.backup.restored');
  const of = (at: string, values: Fact['values'] = {}) =>
    judged(
      restored,
      [
        plan(ledger),
        {
          kind: 'backup.restore-tests',
          facts: [
            {
              subject: 'ledger',
              at: new Date(at),
              values: { result: 'success', restoredTo: '2025-12-31T00:00:00Z', ...values },
            },
          ],
        },
      ],
      now,
    );

  test('within a year, successful and to a point in time', () => {
    expect(of('2026-01-01')).toMatchObject({ status: 'satisfied', confidence: 'partial' });
    expect(of('2025-03-20T12:00:01Z').status).toBe('satisfied');
    expect(of('2025-03-20T12:00:00Z').status).toBe('not-satisfied');
    expect(of('2026-01-01', { result: 'failed' }).status).toBe('not-satisfied');
    expect(of('2026-01-01', { restoredTo: null }).status).toBe('unknown');
    expect(judged(restored, [plan(ledger)], now).status).toBe('unknown');
  });
});

describe('rights on backups', () => {
  const right = (of: string, values: Fact['values']): Given => ({
    kind: 'backup.rights',
    facts: [{ subject: 'vault-1', values: { account: 'somebody', class: of, ...values } }],
  });
  const used = runs(run('2026-03-20T11:00:00Z'));
  test.each([
    ['e8.backup.unprivileged-others', 'unprivileged', { read: 'own' }, { read: 'others' }],
    ['e8.backup.unprivileged-own', 'unprivileged', { read: 'none' }, { read: 'own' }],
    ['e8.backup.unprivileged-change', 'unprivileged', { write: false }, { write: true }],
    ['e8.backup.privileged-others', 'privileged', { read: 'own' }, { read: 'others' }],
    ['e8.backup.privileged-own', 'privileged', { read: 'none' }, { read: 'own' }],
    [
      'e8.backup.privileged-change',
      'privileged',
      { write: true, locked: true },
      { write: true, locked: false },
    ],
    [
      'e8.backup.administrators',
      'backup-administrator',
      { write: true, locked: true },
      { write: true, locked: false },
    ],
  ] as const)('%s', (id, of, good, bad) => {
    const evaluator = evaluatorNamed(id);
    expect(judged(evaluator, [used, right(of, good)], now)).toMatchObject({
      status: 'satisfied',
      confidence: 'partial',
    });
    expect(judged(evaluator, [used, right(of, bad)], now)).toMatchObject({
      status: 'not-satisfied',
      failing: [
        {
          subject: 'vault-1',
          why: expect.stringContaining(id.endsWith('administrators') ? 'early' : 'somebody'),
        },
      ],
    });
    expect(judged(evaluator, [used, right(of, {})], now).status).toBe('unknown');
    // Rights of another class say nothing of this one, and rights without the repositories in use nothing of all.
    expect(judged(evaluator, [used, right('nobody', good)], now).status).toBe('unknown');
    expect(judged(evaluator, [right(of, good)], now).status).toBe('unknown');
  });
});

describe('backups in more than one place', () => {
  const resilient = evaluatorNamed('e8.backup.resilient');
  const at = '2026-03-20T00:00:00Z';
  const in2 = (result = 'success'): Fact => ({
    subject: 'Ledger',
    at: new Date(at),
    values: { result, repository: 'vault-2' },
  });
  const rights = (...facts: readonly Fact[]): Given => ({ kind: 'backup.rights', facts });
  const row = (repository: string, write: boolean, held: boolean, who = 'privileged'): Fact => ({
    subject: repository,
    values: { account: 'ops', class: who, write, locked: held },
  });
  const said = (...given: readonly Given[]) => judged(resilient, [plan(ledger), ...given], now);

  test('are satisfied in part, where nobody can delete both', () => {
    expect(
      said(runs(run(at), in2()), rights(row('vault-1', false, false), row('vault-2', true, true))),
    ).toMatchObject({ status: 'satisfied', confidence: 'partial', of: 1 });
    expect(
      said(runs(run(at), in2()), rights(row('vault-1', true, false), row('vault-2', true, false))),
    ).toMatchObject({ status: 'not-satisfied', failing: [{ subject: 'Ledger' }] });
  });

  test('are unknown with one repository, a failed copy, or rights nobody told; its administrators are another matter', () => {
    expect(said(runs(run(at)), rights(row('vault-1', false, true)))).toMatchObject({ status: 'unknown' });
    expect(said(runs(run(at), in2('failed')), rights(row('vault-1', false, true)))).toMatchObject({
      status: 'unknown',
    });
    expect(said(runs(run(at), in2()), rights(row('vault-1', false, true)))).toMatchObject({
      status: 'unknown',
    });
    const admins = row('vault-1', true, false, 'backup-administrator');
    expect(said(runs(run(at)), rights(admins))).toMatchObject({ status: 'unknown' });
  });
});
