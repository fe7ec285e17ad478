import { implementationStatus } from '#contract/governance';
import type { ControlJudgement, Judgement } from '#governance/evidence';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type AnswerState,
  type ApprovedException,
  isMet,
  standingOf,
  type StandingInput,
} from './standing.ts';
import { through } from './through.ts';

const now = new Date('2026-05-04T08:00:00Z');
const days = (count: number): Date => new Date(now.getTime() + count * 86_400_000);

const said = (judgement: Judgement, validUntil = days(10), evaluator = 'mfa'): ControlJudgement => ({
  environment: 'odce',
  control: 'ism-1504',
  evaluator,
  version: 1,
  judgement,
  collections: ['c1'],
  judgedAt: days(-1),
  validUntil,
});
const yes: Judgement = {
  status: 'satisfied',
  confidence: 'direct',
  because: 'All 40 do.',
  tested: 40,
  of: 40,
};
const no: Judgement = {
  status: 'not-satisfied',
  confidence: 'direct',
  because: '2 of 40 do not.',
  tested: 40,
  failed: 2,
  failing: [{ subject: 'bob', why: 'no second factor' }],
};
const open: Judgement = {
  status: 'unknown',
  because: 'Nobody sent sign-ins.',
  wouldSettle: ['entra.sign-ins'],
};
const effective: AnswerState = {
  status: 'Effective',
  statementHash: 'h1',
  rests: 'attested',
  evaluators: [],
  reviewBy: days(300),
  reliedUpon: undefined,
  owner: 'Ann',
  by: 'Ann',
  at: days(-30),
};
const input = (given: Partial<StandingInput> = {}): StandingInput => ({
  control: 'ism-1504',
  statementHash: 'h1',
  excluded: undefined,
  answer: undefined,
  judgements: [],
  openFinding: false,
  exceptions: [],
  now,
  ...given,
});
const stands = (given: Partial<StandingInput>) => standingOf(input(given));
const byEvidence: AnswerState = { ...effective, rests: 'evidence', reviewBy: undefined };

describe('how a control stands', () => {
  test('nobody answered and nothing was seen: Not Assessed, and it says so', () => {
    expect(stands({})).toMatchObject({
      status: 'Not Assessed',
      basis: 'none',
      unknownWhy: 'Nobody answered it yet.',
    });
  });

  test('an "Effective" that evidence contradicts has drifted', () => {
    for (const answer of [effective, byEvidence])
      expect(stands({ answer, judgements: [said(no)] })).toMatchObject({
        status: 'Ineffective',
        basis: 'both',
        failing: [{ subject: 'bob' }],
      });
  });

  test('an "Effective" that rests on evidence is not visible without it, and names what would settle it', () => {
    expect(stands({ answer: byEvidence, judgements: [said(open)] })).toMatchObject({
      status: 'No Visibility',
      wouldSettle: ['entra.sign-ins'],
    });
    expect(stands({ answer: byEvidence })).toMatchObject({ status: 'No Visibility' });
    expect(stands({ answer: byEvidence, judgements: [said(yes)] })).toMatchObject({
      status: 'Effective',
      basis: 'both',
      confidence: 'direct',
      expires: days(10),
    });
    const twice = { ...byEvidence, evaluators: ['mfa', 'passkeys'] };
    expect(stands({ answer: twice, judgements: [said(yes)] })).toMatchObject({
      status: 'No Visibility',
      because: expect.stringContaining('passkeys'),
    });
  });

  test('evidence counts up to, and not at, its end', () => {
    const until = new Date(now.getTime() + 1);
    expect(stands({ answer: byEvidence, judgements: [said(yes, until)] }).status).toBe('Effective');
    expect(stands({ answer: byEvidence, judgements: [said(yes, now)] }).status).toBe('No Visibility');
  });

  test('what failed once does not mend itself by getting old', () => {
    expect(stands({ answer: effective, judgements: [said(no, now)] }).status).toBe('No Visibility');
    expect(stands({ answer: effective, judgements: [said(open)], openFinding: true }).status).toBe(
      'No Visibility',
    );
    expect(stands({ answer: effective, judgements: [said(yes)], openFinding: true }).status).toBe(
      'Effective',
    );
  });

  test('an attestation holds until it is due to be looked at again', () => {
    expect(stands({ answer: effective })).toMatchObject({
      status: 'Effective',
      confidence: 'attested',
      expires: days(300),
    });
    expect(stands({ answer: { ...effective, reviewBy: now } })).toMatchObject({ status: 'No Visibility' });
  });

  test('a provider relied upon has to be effective too', () => {
    const with_ = (status: AnswerState['status']) => ({
      ...effective,
      reliedUpon: { party: 'DC One', status },
    });
    expect(stands({ answer: with_('Effective') }).status).toBe('Effective');
    expect(stands({ answer: with_('Alternate Control') }).status).toBe('Effective');
    expect(stands({ answer: with_('Not Implemented') }).status).toBe('Ineffective');
    expect(stands({ answer: with_('Not Assessed') })).toMatchObject({
      status: 'No Visibility',
      because: expect.stringContaining('DC One'),
    });
  });

  test('an alternate control is not contradicted by what is written', () => {
    const answer: AnswerState = { ...effective, status: 'Alternate Control' };
    expect(stands({ answer, judgements: [said(no)] })).toMatchObject({
      status: 'Alternate Control',
      confidence: 'attested',
      failing: [{ subject: 'bob' }],
    });
  });

  test('words that changed make the answer wait, whatever it was', () => {
    for (const status of implementationStatus.options)
      expect(
        stands({ answer: { ...effective, status, statementHash: 'old' }, judgements: [said(yes)] }),
      ).toMatchObject({
        status: 'Not Assessed',
        reaffirm: true,
        unknownWhy: expect.any(String),
      });
  });

  test('it does not apply once somebody else approved it for these words, and until that ends', () => {
    const answer: AnswerState = { ...effective, status: 'Not Applicable', reviewBy: undefined };
    const approval: ApprovedException = {
      id: 'x',
      kind: 'not-applicable',
      statementHash: 'h1',
      reason: 'No radios.',
      approvedBy: 'Bob',
      until: days(1),
    };
    expect(stands({ answer })).toMatchObject({
      status: 'Not Assessed',
      because: expect.stringContaining('approved'),
    });
    expect(stands({ answer, exceptions: [approval] })).toMatchObject({
      status: 'Not Applicable',
      expires: days(1),
    });
    expect(stands({ answer, exceptions: [{ ...approval, until: now }] }).status).toBe('Not Assessed');
    expect(stands({ answer, exceptions: [{ ...approval, statementHash: 'h0' }] }).status).toBe(
      'Not Assessed',
    );
  });

  test('an exception is shown and changes nothing of the status', () => {
    const answer: AnswerState = { ...effective, status: 'Not Implemented' };
    const exception = {
      id: 'x',
      kind: 'exception',
      statementHash: 'h1',
      reason: 'r',
      approvedBy: 'Bob',
      until: days(5),
    } as const;
    expect(stands({ answer, exceptions: [exception] })).toMatchObject({
      status: 'Not Implemented',
      exception: { id: 'x', kind: 'exception', until: days(5) },
      expires: days(5),
    });
    expect(stands({ answer, exceptions: [{ ...exception, until: now }] }).exception).toBeUndefined();
  });

  test('evidence alone shows it where it looked at all that is asked, and not where it looked at a part', () => {
    expect(stands({ judgements: [said(yes)] })).toMatchObject({ status: 'Effective', basis: 'evidence' });
    expect(stands({ judgements: [said(no)] })).toMatchObject({ status: 'Ineffective', basis: 'evidence' });
    expect(stands({ judgements: [said({ ...yes, confidence: 'partial' })] })).toMatchObject({
      status: 'Not Assessed',
    });
    expect(stands({ judgements: [said(yes), said(open, days(10), 'other')] })).toMatchObject({
      status: 'Not Assessed',
      wouldSettle: ['entra.sign-ins'],
    });
  });
});

const confidence = fc.constantFrom('direct', 'proxy', 'partial', 'attested' as const);
const date = fc.integer({ min: -400, max: 400 }).map(days);
const judgement: fc.Arbitrary<Judgement> = fc.oneof(
  confidence.map((one): Judgement => ({ ...yes, confidence: one })),
  confidence.map((one): Judgement => ({ ...no, confidence: one })),
  fc.constant(open),
);
const answers: fc.Arbitrary<AnswerState> = fc.record({
  status: fc.constantFrom(...implementationStatus.options),
  statementHash: fc.constantFrom('h1', 'old'),
  rests: fc.constantFrom('evidence', 'attested'),
  evaluators: fc.subarray(['a', 'b']),
  reviewBy: fc.option(date, { nil: undefined }),
  reliedUpon: fc.option(
    fc.record({ party: fc.constant('P'), status: fc.constantFrom(...implementationStatus.options) }),
    { nil: undefined },
  ),
  owner: fc.constant(undefined),
  by: fc.constant('Ann'),
  at: date,
});
const exceptionKinds = ['exception', 'risk-acceptance', 'not-applicable'] as const;
const inputs: fc.Arbitrary<StandingInput> = fc.record({
  control: fc.constant('ism-1504'),
  statementHash: fc.constant('h1'),
  excluded: fc.option(fc.constant({ reason: 'r', approvedBy: 'Bob' }), { nil: undefined, freq: 8 }),
  answer: fc.option(answers, { nil: undefined }),
  judgements: fc.array(
    fc.tuple(judgement, date, fc.constantFrom('a', 'b', 'c')).map((one) => said(...one)),
    { maxLength: 4 },
  ),
  openFinding: fc.boolean(),
  exceptions: fc.array(
    fc.record({
      id: fc.constant('x'),
      kind: fc.constantFrom(...exceptionKinds),
      statementHash: fc.constantFrom('h1', 'old'),
      reason: fc.constant('r'),
      approvedBy: fc.constant('Bob'),
      until: date,
    }),
    { maxLength: 3 },
  ),
  now: fc.constant(now),
});

describe('whatever is put in', () => {
  const holds = (check: (given: StandingInput, status: ReturnType<typeof standingOf>) => void): void =>
    fc.assert(
      fc.property(inputs, (given) => check(given, standingOf(given))),
      { numRuns: 3000 },
    );

  test('it is met only where somebody says so of these words, or evidence in force shows it', () => {
    holds((given, { status }) => {
      if (!isMet(status)) return;
      const claimed = given.answer?.statementHash === 'h1' && isMet(given.answer.status);
      const shown = given.judgements.some(
        (one) => one.judgement.status === 'satisfied' && now < one.validUntil,
      );
      expect(claimed || shown).toBe(true);
    });
  });

  test('it is never "Effective" where evidence in force says otherwise', () => {
    holds((given, { status }) => {
      if (given.judgements.some((one) => one.judgement.status === 'not-satisfied' && now < one.validUntil))
        expect(status).not.toBe('Effective');
    });
  });

  test('it does not apply only by an approval', () => {
    holds((given, { status }) => {
      if (status !== 'Not Applicable') return;
      const approved = given.exceptions.some(
        (one) => one.kind === 'not-applicable' && one.statementHash === 'h1' && now < one.until,
      );
      expect(approved || given.excluded !== undefined).toBe(true);
    });
  });

  test('evidence against it never makes it met', () => {
    holds((given, { status }) => {
      const more = standingOf({ ...given, judgements: [...given.judgements, said(no)] });
      if (!isMet(status)) expect(isMet(more.status)).toBe(false);
    });
  });

  test('the passing of time alone never makes it met', () => {
    holds((given, { status }) => {
      if (isMet(status) || given.excluded !== undefined) return;
      expect(isMet(standingOf({ ...given, now: days(500) }).status)).toBe(false);
    });
  });

  test('it stands the same up to the moment it says it holds until', () => {
    holds((given, { status, expires }) => {
      if (expires === undefined || expires <= now) return;
      const before = standingOf({ ...given, now: new Date(expires.getTime() - 1) });
      if (isMet(status)) expect(before.status).toBe(status);
    });
  });

  test('who can’t say, says why', () => {
    holds((_given, standing) => {
      expect(standing.because).not.toBe('');
      const open_ = standing.status === 'No Visibility' || standing.status === 'Not Assessed';
      expect(standing.unknownWhy !== undefined).toBe(open_);
    });
  });
});

describe('answered once, for other frameworks', () => {
  const own = { ...standingOf(input({ control: 'a.5.1' })) };
  const source = (control: string, given: Partial<StandingInput>) => standingOf(input({ control, ...given }));
  const via = (links: Parameters<typeof through>[1], ...sources: ReturnType<typeof source>[]) =>
    through(own, links, new Map(sources.map((one) => [one.control, one])));
  const link = (
    relation: 'equal' | 'superset' | 'subset' | 'intersects',
    name: string,
    together = false,
  ) => ({
    source: name,
    target: 'a.5.1',
    relation,
    together,
  });
  const met = (name: string) => source(name, { answer: effective });
  const failed = (name: string) => source(name, { answer: { ...effective, status: 'Not Implemented' } });

  test('one that asks as much or more speaks for it', () => {
    expect(via([link('superset', 'x')], met('x'))).toMatchObject({ status: 'Effective', through: ['x'] });
    expect(via([link('equal', 'x')], failed('x'))).toMatchObject({ status: 'Ineffective' });
    // What asks more may fail in what it asks more.
    expect(via([link('superset', 'x')], failed('x'))).toMatchObject({ status: 'Not Assessed' });
  });

  test('a part shows that it is not met, and not that it is; parts that cover it together do', () => {
    expect(via([link('subset', 'x')], met('x')).status).toBe('Not Assessed');
    expect(via([link('subset', 'x')], failed('x')).status).toBe('Ineffective');
    const both = [link('subset', 'x', true), link('subset', 'y', true)];
    expect(via(both, met('x'), met('y')).status).toBe('Effective');
    expect(via(both, met('x')).status).toBe('Not Assessed');
  });

  test('its own answer goes before what other frameworks say', () => {
    const answered = source('a.5.1', { answer: { ...effective, status: 'Ineffective' } });
    expect(through(answered, [link('equal', 'x')], new Map([['x', met('x')]])).status).toBe('Ineffective');
  });
});
