import { assert, constantFrom, date, integer, array, oneof, property, record, constant } from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type AgreementEvent,
  type AgreementFacts,
  inForce,
  type PublishedVersion,
  stateAt,
} from './state.ts';

const day = (n: number, seconds = 0): Date =>
  new Date(Date.UTC(2026, 0, 1) + n * 86_400_000 + seconds * 1000);

const first: PublishedVersion = {
  number: 1,
  changeClass: 'material',
  publishedAt: day(0),
  effectiveAt: day(0),
  mandatoryAt: day(0),
};
const material: PublishedVersion = {
  number: 2,
  changeClass: 'material',
  publishedAt: day(100),
  effectiveAt: day(130),
  mandatoryAt: day(160),
};
const editorial: PublishedVersion = {
  number: 2,
  changeClass: 'editorial',
  publishedAt: day(100),
  effectiveAt: day(100),
  mandatoryAt: null,
};

const invited: AgreementEvent = { kind: 'invited', at: day(1) };
const reading: AgreementEvent = { kind: 'reading', at: day(2) };
const accepted = (version = 1, at = day(3)): AgreementEvent => ({ kind: 'accepted', version, at });
const withdrawn = (at: Date, effectiveAt = at): AgreementEvent => ({ kind: 'withdrawn', at, effectiveAt });
const suspended = (at: Date): AgreementEvent => ({ kind: 'suspended', at, reason: 'unpaid' });

const given = (
  events: readonly AgreementEvent[],
  versions: readonly PublishedVersion[] = [first],
  seenUntil: Date | null = null,
): AgreementFacts => ({ events, versions, seenUntil });

describe('the state of an agreement', () => {
  const both = [first, material];
  const cases: [string, AgreementFacts, Date, object][] = [
    ['is none before anything', given([]), day(5), { state: 'none', version: null, required: 1 }],
    ['is invited', given([invited]), day(5), { state: 'invited' }],
    ['is reviewing', given([invited, reading]), day(5), { state: 'reviewing', version: null }],
    [
      'is accepted',
      given([invited, accepted()]),
      day(5),
      { state: 'accepted', version: 1, required: null, until: null },
    ],
    [
      'stays accepted while a new version is only announced',
      given([accepted()], both),
      day(129),
      { state: 'accepted', until: day(160), required: 2 },
    ],
    [
      'is in grace from the day a new version takes effect',
      given([accepted()], both),
      day(130),
      { state: 'superseded-in-grace', until: day(160) },
    ],
    [
      'is in grace up to the last second',
      given([accepted()], both),
      day(160, -1),
      { state: 'superseded-in-grace' },
    ],
    [
      'has lapsed at the very second',
      given([accepted()], both),
      day(160),
      { state: 'lapsed', until: day(160), version: 1 },
    ],
    [
      'lapsed when the version became mandatory, however late the lapse was recorded',
      given([accepted(), { kind: 'lapsed', at: day(175) }], both),
      day(180),
      { state: 'lapsed', until: day(160) },
    ],
    [
      'reading the new version does not hide that the old one is in grace',
      given([accepted(), { kind: 'reading', at: day(140) }], both),
      day(140),
      { state: 'superseded-in-grace' },
    ],
    [
      'is accepted when the new version was signed ahead',
      given([accepted(), accepted(2, day(101))], both),
      day(200),
      { state: 'accepted', version: 2, until: null },
    ],
    [
      'is accepted again after a lapse when the new version is signed',
      given([accepted(), { kind: 'lapsed', at: day(160) }, accepted(2, day(170))], both),
      day(171),
      { state: 'accepted', version: 2 },
    ],
    [
      'is not touched by an editorial change',
      given([accepted()], [first, editorial]),
      day(500),
      { state: 'accepted', version: 1, required: null },
    ],
    [
      'holds until a withdrawal takes effect',
      given([accepted(), withdrawn(day(10), day(20))]),
      day(20, -1),
      { state: 'accepted', until: day(20) },
    ],
    [
      'is withdrawn from then on',
      given([accepted(), withdrawn(day(10), day(20))]),
      day(20),
      { state: 'withdrawn', version: null, until: day(20) },
    ],
    [
      'can not be accepted after a withdrawal without a new invitation',
      given([accepted(), withdrawn(day(10)), accepted(1, day(11))]),
      day(12),
      { state: 'withdrawn' },
    ],
    [
      'begins again with a new invitation',
      given([accepted(), withdrawn(day(10)), { kind: 'invited', at: day(11) }]),
      day(12),
      { state: 'invited', version: null },
    ],
    [
      'is suspended whatever else is true',
      given([accepted(), suspended(day(10))]),
      day(12),
      { state: 'suspended', reason: 'unpaid', version: 1 },
    ],
    [
      'does not get out of a suspension by signing',
      given([accepted(), suspended(day(10)), accepted(1, day(11))]),
      day(12),
      { state: 'suspended' },
    ],
    [
      'comes back when the suspension is lifted',
      given([accepted(), suspended(day(10)), { kind: 'resumed', at: day(11) }]),
      day(12),
      { state: 'accepted' },
    ],
    [
      'does not come back from a suspension when it lapsed meanwhile',
      given([accepted(), suspended(day(10)), { kind: 'resumed', at: day(170) }], both),
      day(171),
      { state: 'lapsed' },
    ],
    [
      'ends with the end',
      given([accepted(), { kind: 'terminated', at: day(10) }, { kind: 'resumed', at: day(11) }]),
      day(12),
      { state: 'terminated', version: null },
    ],
    [
      'is lapsed for good once the lapse is recorded, though the clock was set back',
      given([accepted(), { kind: 'lapsed', at: day(160) }], both),
      day(140),
      { state: 'lapsed' },
    ],
    [
      'is lapsed for good once its time was seen, though nobody recorded the lapse',
      given([accepted()], both, day(160)),
      day(140),
      { state: 'lapsed' },
    ],
  ];
  test.each(cases)('%s', (_name, facts, at, expected) => {
    expect(stateAt(facts, at)).toMatchObject(expected);
  });

  test('gives service in two states only', () => {
    const states = [
      'none',
      'invited',
      'reviewing',
      'accepted',
      'superseded-in-grace',
      'lapsed',
      'withdrawn',
      'suspended',
      'terminated',
    ] as const;
    expect(states.filter((state) => inForce({ state }))).toEqual(['accepted', 'superseded-in-grace']);
  });
});

describe('whatever happened', () => {
  const time = date({ min: day(0), max: day(400), noInvalidDate: true });
  const event = oneof(
    record({
      kind: constantFrom(
        'invited' as const,
        'reading' as const,
        'lapsed' as const,
        'resumed' as const,
        'terminated' as const,
        'confirmed' as const,
      ),
      at: time,
    }),
    record({ kind: constant('accepted' as const), at: time, version: integer({ min: 1, max: 4 }) }),
    record({ kind: constant('withdrawn' as const), at: time, effectiveAt: time }),
    record({ kind: constant('suspended' as const), at: time, reason: constant('x') }),
  );
  const version = record({
    days: integer({ min: 0, max: 300 }),
    notice: integer({ min: 0, max: 40 }),
    grace: integer({ min: 0, max: 40 }),
    kind: constantFrom('editorial' as const, 'minor' as const, 'material' as const),
  }).map(({ days, notice, grace, kind }) => ({
    changeClass: kind,
    publishedAt: day(days),
    effectiveAt: day(days + notice),
    mandatoryAt: kind === 'editorial' ? null : day(days + notice + grace),
  }));
  const facts = record({
    events: array(event, { maxLength: 12 }),
    versions: array(version, { maxLength: 4 }).map((all) =>
      all.map((one, at) => ({ number: at + 1, ...one })),
    ),
    seenUntil: oneof(time, constant(null)),
  });

  test('it is in force only after an acceptance that nothing has ended', () => {
    assert(
      property(facts, time, (given, at) => {
        if (!inForce(stateAt(given, at))) return true;
        const last = given.events.findLastIndex(({ kind }) => kind === 'accepted');
        return (
          last >= 0 &&
          !given.events.slice(last).some(({ kind }) => kind === 'terminated' || kind === 'lapsed')
        );
      }),
    );
  });

  test('what is not in force stays so, later and at a clock set back, until something new is recorded', () => {
    assert(
      property(facts, time, time, (given, at, other) => {
        const seen = {
          ...given,
          seenUntil: new Date(Math.max(at.getTime(), given.seenUntil?.getTime() ?? 0)),
        };
        if (inForce(stateAt(seen, at))) return true;
        return !inForce(stateAt(seen, other));
      }),
    );
  });

  test('a time that it is said to last until is when it ends', () => {
    assert(
      property(facts, time, (given, at) => {
        const state = stateAt(given, at);
        if (!inForce(state) || state.until === null) return true;
        return (
          inForce(stateAt(given, new Date(state.until.getTime() - 1))) &&
          !inForce(stateAt(given, state.until))
        );
      }),
    );
  });
});
