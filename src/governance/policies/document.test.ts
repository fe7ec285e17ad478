import { describe, expect, test } from 'vitest';
import { compareTexts } from './compare.ts';
import { type DocumentVersion, inForce, owed, reviewClock } from './document.ts';
import { reminderDue } from './remind.ts';

const at = (text: string): Date => new Date(text);
const version = (number: number, effective: string | null, minor = false): DocumentVersion => ({
  document: 'd',
  number,
  sha256: `${number}`,
  summary: '',
  minor,
  author: { id: 'a', name: 'A' },
  createdAt: at('2026-01-01T00:00:00Z'),
  approval:
    effective === null
      ? null
      : { at: at(effective), person: 'p', name: 'P', office: 'ciso', effectiveAt: at(effective) },
});
const document = { reviewMonths: 12, acknowledgeDays: 14, retiredAt: null };
const first = version(1, '2026-02-28T09:00:00Z');

test('the newest approved version that is effective holds; a draft and a later one do not', () => {
  const all = [first, version(2, '2026-06-01T00:00:00Z'), version(3, null)];
  expect(inForce(all, at('2026-02-28T08:59:59.999Z'))).toBeUndefined();
  expect(inForce(all, at('2026-02-28T09:00:00Z'))?.number).toBe(1);
  expect(inForce(all, at('2026-05-31T23:59:59.999Z'))?.number).toBe(1);
  expect(inForce(all, at('2026-06-01T00:00:00Z'))?.number).toBe(2);
});

describe('the review clock', () => {
  const state = (now: string, reviews: Parameters<typeof reviewClock>[2] = []) =>
    reviewClock(document, [first], reviews, at(now));
  test('asks a month before, and is over at the very second', () => {
    expect(state('2026-03-01T00:00:00Z').state).toBe('current');
    expect(state('2027-01-29T08:59:59.999Z').state).toBe('current');
    expect(state('2027-01-29T09:00:00Z').state).toBe('due');
    expect(state('2027-02-28T08:59:59.999Z').state).toBe('due');
    expect(state('2027-02-28T09:00:00Z')).toEqual({
      state: 'overdue',
      currentAsAt: at('2026-02-28T09:00:00Z'),
      dueAt: at('2027-02-28T09:00:00Z'),
    });
  });
  test('starts anew where the document stands, and not where it needs a change or another version was looked at', () => {
    const review = (outcome: 'stands' | 'change-needed', of = 1) => ({
      document: 'd',
      version: of,
      outcome,
      note: '',
      by: 'P',
      at: at('2026-12-01T00:00:00Z'),
    });
    expect(state('2027-03-01T00:00:00Z', [review('stands')])).toMatchObject({
      state: 'current',
      currentAsAt: at('2026-12-01T00:00:00Z'),
    });
    expect(state('2027-03-01T00:00:00Z', [review('change-needed')]).state).toBe('overdue');
    expect(state('2027-03-01T00:00:00Z', [review('stands', 2)]).state).toBe('overdue');
    expect(state('2026-11-30T00:00:00Z', [review('stands')])).toMatchObject({
      currentAsAt: at('2026-02-28T09:00:00Z'),
    });
  });
  test('runs for what holds only', () => {
    expect(reviewClock(document, [version(1, null)], [], at('2026-03-01T00:00:00Z')).state).toBe(
      'not-in-force',
    );
    expect(
      reviewClock(
        { ...document, retiredAt: at('2026-03-01T00:00:00Z') },
        [first],
        [],
        at('2026-03-01T00:00:00Z'),
      ).state,
    ).toBe('retired');
  });
});

describe('who owes an acknowledgement', () => {
  const lee = { id: 'lee', name: 'Lee', since: at('2026-01-01T00:00:00Z') };
  const newcomer = { id: 'new', name: 'New', since: at('2026-05-01T00:00:00Z') };
  const stateOf = (now: string, acknowledged: [string, number, string][], all = [first]) =>
    owed(
      document,
      all,
      acknowledged.map(([person, of, when]) => ({ document: 'd', person, version: of, at: at(when) })),
      [lee, newcomer],
      at(now),
    ).map((one) => [one.person.id, one.state, one.dueAt.toISOString()]);

  test('each has their days from when it holds, or from when they came', () => {
    expect(stateOf('2026-03-14T08:59:59.999Z', [])[0]).toEqual(['lee', 'due', '2026-03-14T09:00:00.000Z']);
    expect(stateOf('2026-03-14T09:00:00Z', [])[0]?.[1]).toBe('overdue');
    expect(stateOf('2026-05-10T00:00:00Z', [['lee', 1, '2026-03-01T00:00:00Z']])).toEqual([
      ['lee', 'acknowledged', '2026-03-14T09:00:00.000Z'],
      ['new', 'due', '2026-05-15T00:00:00.000Z'],
    ]);
  });
  test('a new version asks everybody again; a minor one asks nobody', () => {
    const acknowledged: [string, number, string][] = [['lee', 1, '2026-03-01T00:00:00Z']];
    const major = [first, version(2, '2026-06-01T00:00:00Z')];
    const minor = [first, version(2, '2026-06-01T00:00:00Z', true)];
    expect(stateOf('2026-06-02T00:00:00Z', acknowledged, major)[0]?.[1]).toBe('due');
    expect(stateOf('2026-06-02T00:00:00Z', acknowledged, minor)[0]?.[1]).toBe('acknowledged');
    // Whoever reads the minor version has read what counts.
    expect(stateOf('2026-06-02T00:00:00Z', [['new', 2, '2026-06-01T00:00:00Z']], minor)[1]?.[1]).toBe(
      'acknowledged',
    );
  });
});

test('reminders come on their days, and go on when the day has passed', () => {
  const deadline = at('2026-06-01T00:00:00Z');
  expect(reminderDue(deadline, at('2026-05-01T23:59:59Z'))).toBeUndefined();
  expect(reminderDue(deadline, at('2026-05-02T00:00:00Z'))).toBe(30);
  expect(reminderDue(deadline, at('2026-05-26T00:00:00Z'))).toBe(7);
  expect(reminderDue(deadline, at('2026-06-01T00:00:00Z'))).toBe(0);
  expect(reminderDue(deadline, at('2026-06-09T00:00:00Z'))).toBe(-7);
});

test('a comparison tells lines that came and went, and words where a line was changed', () => {
  const blocks = compareTexts(
    '# A\n\nScan every week.\nGone.\nEnd\n',
    '# A\n\nScan every fortnight.\nEnd\nNew.\n',
  );
  expect(blocks.map(({ kind }) => kind)).toEqual(['same', 'same', 'changed', 'removed', 'same', 'added']);
  expect(blocks[2]?.pieces).toEqual([
    { kind: 'same', text: 'Scan every ' },
    { kind: 'removed', text: 'week.' },
    { kind: 'added', text: 'fortnight.' },
  ]);
  expect(compareTexts('a\nb', 'a\nb').every(({ kind }) => kind === 'same')).toBe(true);
  expect(compareTexts('', 'a').map(({ kind }) => kind)).toEqual(['changed']);
});
