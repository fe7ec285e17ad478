import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { listCollections } from '../collections.ts';
import { evaluateEvidence } from '../evaluate.ts';
import type { Collection, Fact, Judgement } from '../evaluator.ts';
import { judge } from '../judge.ts';
import { judgementsOf } from '../judgements.ts';
import { engines, type EvidenceWorld, openEvidence } from '../testing.ts';
import { type Collector, collectOwn } from './collect.ts';
import { ownEvaluators } from './evaluators.ts';
import { ownKinds } from './kinds.ts';

const now = new Date('2026-05-04T08:00:00Z');
const daysAgo = (days: number): string => new Date(now.getTime() - days * 86_400_000).toISOString();

/** What one of the evaluators makes of these facts, by kind. */
function said(id: string, facts: Readonly<Record<string, readonly Fact[]>>): Judgement {
  const evaluator = ownEvaluators.find((one) => one.id === `own.${id}`);
  if (evaluator === undefined) throw new Error(`no evaluator own.${id}`);
  const collections = Object.keys(facts).map(
    (kind): Collection => ({
      id: kind,
      environment: 'odce',
      tenancy: 't',
      kind,
      source: kind,
      origin: '',
      collectedAt: now,
      expiresAt: new Date(now.getTime() + 1),
      population: { covered: 1, of: 1, basis: '' },
      facts: 1,
      hash: '',
      ceiling: 'direct',
    }),
  );
  return judge(evaluator, collections, {
    now,
    previous: undefined,
    kinds: ownKinds,
    source: { facts: ({ kind }) => facts[kind] ?? [], sum: () => null },
    failed: (error) => {
      throw error;
    },
  });
}
const source = (subject: string, values: Fact['values']): Fact => ({
  subject,
  values: { state: 'active', silent: false, stored: 1000, rejected: 0, pending: 0, unmapped: 0, ...values },
});
const account = (subject: string, values: Fact['values']): Fact => ({
  subject,
  values: {
    usable: true,
    privileged: true,
    passkey: true,
    createdAt: daysAgo(400),
    lastUsedAt: daysAgo(1),
    reviewedAt: null,
    ...values,
  },
});
const sources = (...facts: Fact[]) => ({ 'ironbark.log-sources': facts });
const accounts = (...facts: Fact[]) => ({ 'ironbark.accounts': facts });

describe('what the system knows of itself', () => {
  test('a silent source is a gap, a paused one says nothing, and no source is unknown', () => {
    expect(said('logging-facility', sources(source('a', {})))).toMatchObject({
      status: 'satisfied',
      confidence: 'partial',
    });
    expect(said('logging-facility', sources(source('a', {}), source('b', { silent: true })))).toMatchObject({
      status: 'not-satisfied',
      tested: 2,
      failing: [{ subject: 'b' }],
    });
    expect(said('logging-facility', sources(source('c', { state: 'paused' })))).toMatchObject({
      status: 'unknown',
    });
  });
  test('more than one in a hundred rejected, or one in twenty unmapped, is a gap', () => {
    expect(said('logs-in-time', sources(source('a', { rejected: 10 }))).status).toBe('satisfied');
    expect(said('logs-in-time', sources(source('a', { rejected: 11 }))).status).toBe('not-satisfied');
    expect(said('logs-structured', sources(source('a', { unmapped: 50 }))).status).toBe('satisfied');
    expect(said('logs-structured', sources(source('a', { unmapped: 51 }))).status).toBe('not-satisfied');
  });
  test('detection needs rules that are on and a source that speaks', () => {
    const rules = (enabled: number) => ({
      'ironbark.detection': [{ subject: 'rules', values: { enabled } }],
    });
    expect(said('detection-runs', { ...rules(9), ...sources(source('a', {})) }).status).toBe('satisfied');
    expect(said('detection-runs', { ...rules(0), ...sources(source('a', {})) }).status).toBe('not-satisfied');
    expect(said('detection-runs', { ...rules(9), ...sources() }).status).toBe('not-satisfied');
    expect(said('detection-runs', rules(9)).status).toBe('unknown');
  });
  test('an account is idle after 45 days, to be revalidated after 365, each side of the day', () => {
    expect(said('idle-privileged', accounts(account('a', { lastUsedAt: daysAgo(45) }))).status).toBe(
      'satisfied',
    );
    expect(said('idle-privileged', accounts(account('a', { lastUsedAt: daysAgo(45.1) })))).toMatchObject({
      failing: [{ subject: 'a' }],
    });
    expect(
      said('idle-privileged', accounts(account('a', { lastUsedAt: daysAgo(90), usable: false }))).status,
    ).toBe('unknown');
    expect(
      said('idle-accounts', accounts(account('a', { lastUsedAt: daysAgo(90), privileged: false }))).status,
    ).toBe('not-satisfied');
    expect(said('access-review', accounts(account('a', {}))).status).toBe('not-satisfied');
    expect(said('access-review', accounts(account('a', { reviewedAt: daysAgo(365) }))).status).toBe(
      'satisfied',
    );
  });
  test('a password alone is a gap', () => {
    expect(said('mfa-privileged', accounts(account('a', {}))).status).toBe('satisfied');
    expect(said('mfa-privileged', accounts(account('a', { passkey: false }))).status).toBe('not-satisfied');
  });
  test('who is served without an agreement is a gap, who is not served is none', () => {
    const of = (values: Fact['values']) => ({ 'ironbark.agreements': [{ subject: 'acme', values }] });
    expect(said('agreements', of({ tenancyState: 'active', inForce: true, state: 'accepted' })).status).toBe(
      'satisfied',
    );
    expect(said('agreements', of({ tenancyState: 'active', inForce: false, state: 'lapsed' }))).toMatchObject(
      {
        failing: [{ subject: 'acme', why: expect.stringMatching(/lapsed/) }],
      },
    );
    expect(said('agreements', of({ tenancyState: 'invited', inForce: false, state: 'none' })).status).toBe(
      'unknown',
    );
  });
  test('without a witness nobody can tell about the ledger', () => {
    const log = { subject: 'log', values: { size: 9 } };
    const witness = (state: string) => ({ subject: 'witness w', values: { state } });
    expect(said('ledger-witnessed', { 'ironbark.ledger': [log] }).status).toBe('unknown');
    expect(said('ledger-witnessed', { 'ironbark.ledger': [log, witness('cosigns')] }).status).toBe(
      'satisfied',
    );
    expect(said('ledger-witnessed', { 'ironbark.ledger': [log, witness('silent')] }).status).toBe(
      'not-satisfied',
    );
  });
  test('the gate asked for nothing privileged proves nothing', () => {
    const gate = (privileged: boolean) => ({
      'ironbark.gate': [{ subject: 'x', values: { privileged, count: 3 } }],
    });
    expect(said('privileged-decisions-logged', gate(true))).toMatchObject({ status: 'satisfied', tested: 3 });
    expect(said('privileged-decisions-logged', gate(false)).status).toBe('unknown');
  });
});

describe.each(engines())('collecting on %s', (_engine, open) => {
  let world: EvidenceWorld;
  beforeAll(async () => {
    world = await openEvidence(await open());
  }, 120_000);
  afterAll(() => world.close());

  test('each system is looked at by each collector; one that fails does not stop the others; a stream goes on where it stopped', async () => {
    const windows: [string, number, number][] = [];
    const collectors: Collector[] = [
      { kind: 'ironbark.ledger', source: 'broken', collect: () => Promise.reject(new Error('away')) },
      { kind: 'ironbark.detection', source: 'nothing', collect: async () => undefined },
      {
        kind: 'ironbark.log-sources',
        source: 'ironbark sources',
        async collect({ environment }, { from, until }) {
          windows.push([environment, from.getTime(), until.getTime()]);
          return { facts: [source('fw1', {})], population: { covered: 1, of: 1, basis: 'sources' } };
        },
      },
    ];
    const deps = { ...world.deps, kinds: ownKinds, evaluators: ownEvaluators };
    const first = world.clock.now();
    expect(await collectOwn(deps, collectors)).toBe(2);
    expect(world.failed).toHaveLength(2);
    expect(await collectOwn(deps, collectors)).toBe(0);
    world.clock.advance(3600);
    expect(await collectOwn(deps, collectors)).toBe(2);
    expect(
      windows.filter(([environment]) => environment === 'odce').map(([, from, until]) => until - from),
    ).toEqual([86_400_000, 3_600_000]);
    expect(windows.at(-1)?.[1]).toBe(first.getTime());
    await evaluateEvidence(deps, 'odce');
    const judgements = await world.tx((tx) => judgementsOf(tx, 'odce', world.clock.now()));
    expect(judgements.get('ism-1405')?.[0]?.judgement).toMatchObject({
      status: 'satisfied',
      confidence: 'partial',
    });
    const list = await listCollections(deps, world.officer, {
      environment: 'odce',
      kind: undefined,
      before: undefined,
      limit: 9,
    });
    expect(list.map(({ state, collection }) => [state, collection.rawBytes, collection.by.name])).toEqual([
      ['in-force', undefined, 'evidence'],
      ['replaced', undefined, 'evidence'],
    ]);
  });
});
