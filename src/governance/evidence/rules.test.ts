import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { confidence } from '#contract/governance';
import { weakest } from './confidence.ts';
import type { Collection, Fact, Judgement } from './evaluator.ts';
import { type Finding, judgedAgain, withAcceptance } from './finding.ts';
import { inForce, runsOut } from './in-force.ts';
import { inputHash, judge } from './judge.ts';
import { judgementOfJson, jsonOfJudgement } from './judgement-json.ts';
import { readAt } from './judgements.ts';
import { packer, type Part, unpack, factText } from './pack.ts';
import { environment, patched, testKinds } from './testing.ts';
import { unknownControls, whatSettles } from './unknown.ts';

const start = Date.parse('2026-01-01T00:00:00Z');
const collectionOf = (id: string, part: Partial<Collection> = {}): Collection => ({
  id,
  environment,
  tenancy: 'wattle-odce',
  kind: 'test.hosts',
  source: 's',
  origin: 'file',
  collectedAt: new Date(start),
  expiresAt: new Date(start + 1000),
  population: { covered: 1, of: undefined, basis: 'hosts' },
  facts: 1,
  hash: '',
  ceiling: 'direct',
  ...part,
});
const level = fc.constantFrom(...confidence.options);
const someCollections = fc.array(
  fc.record({
    kind: fc.constantFrom('test.hosts', 'test.events'),
    source: fc.constantFrom('a', 'b'),
    collected: fc.integer({ min: 0, max: 50 }),
    days: fc.integer({ min: 1, max: 30 }),
    ceiling: level,
  }),
  { maxLength: 12 },
);
const built = (
  all: readonly {
    kind: string;
    source: string;
    collected: number;
    days: number;
    ceiling: Collection['ceiling'];
  }[],
) =>
  all.map(({ kind, source, collected, days, ceiling }, at) =>
    collectionOf(`c${String(at).padStart(2, '0')}`, {
      kind,
      source,
      ceiling,
      collectedAt: new Date(start + collected),
      expiresAt: new Date(start + collected + days),
    }),
  );

describe('what is in force', () => {
  test('holds from its collection to just before its expiry', () => {
    const one = collectionOf('a');
    const at = (offset: number) => inForce([one], testKinds, new Date(start + offset)).length;
    expect([at(-1), at(0), at(999), at(1000), at(1001)]).toEqual([0, 1, 1, 0, 0]);
  });
  test('is the newest of each source for a snapshot, never one that has expired, whatever the order they are given in', () => {
    fc.assert(
      fc.property(
        someCollections,
        fc.integer({ min: 0, max: 80 }),
        fc.infiniteStream(fc.nat()),
        (all, offset, random) => {
          const now = new Date(start + offset);
          const collections = built(all);
          const found = inForce(collections, testKinds, now);
          const shuffled = collections
            .map((one) => ({ one, at: random.next().value ?? 0 }))
            .sort((a, b) => a.at - b.at)
            .map(({ one }) => one);
          expect(inForce(shuffled, testKinds, now)).toEqual(found);
          for (const one of found) {
            expect(one.collectedAt <= now && now < one.expiresAt).toBe(true);
            const newer = collections.filter(
              (other) =>
                other.kind === one.kind &&
                other.source === one.source &&
                other.collectedAt <= now &&
                other.collectedAt > one.collectedAt,
            );
            if (one.kind === 'test.hosts') expect(newer).toEqual([]);
            // What is older than something that has run out does not come back in its place.
            for (const other of newer) expect(now < other.expiresAt).toBe(true);
          }
          const out = runsOut(found);
          if (out !== undefined) expect(out.at > now).toBe(true);
        },
      ),
    );
  });
});

describe('a judgement', () => {
  const options = (facts: readonly Fact[]) => ({
    now: new Date(start),
    previous: undefined,
    kinds: testKinds,
    source: { facts: () => facts, sum: () => null },
    failed: () => undefined,
  });
  test('never has a confidence above any ceiling', () => {
    fc.assert(
      fc.property(level, level, fc.array(level, { minLength: 1, maxLength: 4 }), (own, said, ceilings) => {
        const evaluator = {
          ...patched,
          ceiling: own,
          evaluate: (): Judgement => ({ status: 'satisfied', confidence: said, because: '', tested: 1 }),
        };
        const collections = ceilings.map((ceiling, at) => collectionOf(`c${at}`, { ceiling }));
        const judgement = judge(evaluator, collections, options([]));
        const rank = (one: string): number => confidence.options.findIndex((option) => option === one);
        const given = judgement.status === 'unknown' ? '' : judgement.confidence;
        expect(rank(given)).toBe(Math.max(...[own, said, ...ceilings].map(rank)));
        expect(given).toBe(weakest(own, said, ...ceilings));
      }),
    );
  });
  test('does not depend on the order of facts', () => {
    const fact = fc.record({
      subject: fc.string({ minLength: 1, maxLength: 4 }),
      values: fc.record({ patched: fc.boolean() }),
    });
    fc.assert(
      fc.property(fc.uniqueArray(fact, { selector: ({ subject }) => subject, minLength: 1 }), (facts) => {
        const collections = [collectionOf('a')];
        expect(judge(patched, collections, options([...facts].reverse()))).toEqual(
          judge(patched, collections, options(facts)),
        );
      }),
    );
  });
  test('names a hundred failing subjects and counts all', () => {
    const facts = Array.from({ length: 250 }, (_, at) => ({ subject: `h\0${at}`, values: {} }));
    const found = judge(patched, [collectionOf('a')], options(facts));
    expect(found).toMatchObject({ status: 'not-satisfied', failed: 250, tested: 250 });
    expect(found.status === 'not-satisfied' && found.failing.length).toBe(100);
    // The database keeps no NUL.
    expect(JSON.stringify(found)).not.toContain('\\u0000');
  });
  test('comes back from JSON as it went', () => {
    const judgement: Judgement = {
      status: 'not-satisfied',
      confidence: 'partial',
      because: 'x',
      tested: 2,
      of: 3,
      failed: 1,
      failing: [
        { subject: 'a', why: 'b', due: new Date(start) },
        { subject: 'c', why: 'd' },
      ],
      until: new Date(start + 5),
    };
    // What was written is what is read.
    expect(judgementOfJson(jsonOfJudgement(judgement) as Parameters<typeof judgementOfJson>[0])).toEqual(
      judgement,
    );
  });
  test('reads as unknown from the moment its evidence runs out', () => {
    const stored = {
      environment,
      tenancy: '',
      evaluator: 'e',
      version: 1,
      controls: [],
      judgement: { status: 'satisfied', confidence: 'direct', because: '', tested: 1 } as const,
      collections: [],
      input: '',
      judgedAt: new Date(start),
      validUntil: new Date(start + 10),
      runsOut: 'gone',
      settle: ['hosts'],
    };
    expect(readAt(stored, new Date(start + 9)).status).toBe('satisfied');
    expect(readAt(stored, new Date(start + 10))).toEqual({
      status: 'unknown',
      because: 'gone',
      wouldSettle: ['hosts'],
    });
  });
  test('is asked for again when its input, version or parameters change, and only then', () => {
    const one = collectionOf('a');
    const hash = inputHash(patched, [one]);
    expect(inputHash({ ...patched }, [{ ...one }])).toBe(hash);
    expect(inputHash({ ...patched, version: 2 }, [one])).not.toBe(hash);
    expect(inputHash({ ...patched, parameters: { days: 2 } }, [one])).not.toBe(hash);
    expect(inputHash(patched, [one, collectionOf('b')])).not.toBe(hash);
  });
});

describe('facts', () => {
  test('come back from their parts as they went in, in order', () => {
    const fact = fc.record(
      {
        subject: fc.string(),
        values: fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 2 })),
        at: fc.date({ noInvalidDate: true }),
      },
      { requiredKeys: ['subject', 'values'] },
    );
    fc.assert(
      fc.property(fc.array(fact, { maxLength: 30 }), (facts) => {
        const parts: Part[] = [];
        const pack = packer((part) => parts.push(part));
        const plain = JSON.parse(JSON.stringify(facts)) as typeof facts; // -0 is 0 in JSON
        // fast-check's values are JSON.
        for (const one of facts) pack.add(factText(one as Fact));
        pack.end();
        expect(JSON.parse(JSON.stringify(parts.flatMap(unpack)))).toEqual(plain);
      }),
      { numRuns: 50 },
    );
  });
});

describe('a finding', () => {
  const finding: Finding = {
    id: 'f',
    environment,
    tenancy: '',
    control: 'ism-1',
    evaluator: 'e',
    origin: 'drift',
    openedAt: new Date(start),
    closedAt: undefined,
    because: 'b',
    failed: 1,
    failing: [],
    owner: undefined,
    clockFrom: new Date(start),
    dueAt: new Date(start + 1),
    accepted: undefined,
    lastStatus: 'not-satisfied',
    lastJudgedAt: new Date(start),
  };
  const now = new Date(start + 50);
  test('is closed by satisfied and by nothing else, accepted or not', () => {
    const accepted = { id: 'x', until: new Date(start + 100) };
    const unknown: Judgement = { status: 'unknown', because: '', wouldSettle: [] };
    const met: Judgement = { status: 'satisfied', confidence: 'attested', because: '', tested: 1 };
    const failing: Judgement = {
      status: 'not-satisfied',
      confidence: 'direct',
      because: 'c',
      tested: 1,
      failed: 1,
      failing: [],
    };
    for (const one of [finding, { ...finding, accepted }]) {
      expect(judgedAgain(one, unknown, now, 30).finding.closedAt).toBeUndefined();
      expect(judgedAgain(one, failing, now, 30).finding.closedAt).toBeUndefined();
      expect(judgedAgain(one, met, now, 30).finding.closedAt).toEqual(now);
    }
  });
  test('takes the earliest date that the facts name', () => {
    const due = (offset: number) => ({ subject: 's', why: 'w', due: new Date(start + offset) });
    const failing: Judgement = {
      status: 'not-satisfied',
      confidence: 'direct',
      because: 'c',
      tested: 1,
      failed: 2,
      failing: [due(9), due(5)],
    };
    expect(judgedAgain(finding, failing, now, 30).finding.dueAt).toEqual(new Date(start + 5));
  });
  test('an acceptance that is withdrawn early ends when that is seen', () => {
    const until = new Date(start + 1000);
    const accepted = withAcceptance(finding, { id: 'x', until }, now, 30);
    expect(accepted.happened).toHaveLength(1);
    expect(withAcceptance(accepted.finding, { id: 'x', until }, now, 30).happened).toEqual([]);
    const after = withAcceptance(accepted.finding, undefined, now, 30);
    expect(after.finding).toMatchObject({ accepted: undefined, clockFrom: now });
  });
});

test('what would settle the most unknown controls comes first', () => {
  const unknown = (controls: string[], wouldSettle: string[]) => ({
    evaluator: 'e',
    controls,
    judgement: { status: 'unknown', because: 'b', wouldSettle } as const,
  });
  const all = unknownControls([
    unknown(['ism-2'], ['logs']),
    unknown(['ism-1', 'ism-3'], ['scans']),
    {
      evaluator: 'e',
      controls: ['ism-9'],
      judgement: { status: 'satisfied', confidence: 'direct', because: '', tested: 1 },
    },
  ]);
  expect(all.map(({ control }) => control)).toEqual(['ism-1', 'ism-2', 'ism-3']);
  expect(whatSettles(all)).toEqual([
    { evidence: 'scans', controls: ['ism-1', 'ism-3'] },
    { evidence: 'logs', controls: ['ism-2'] },
  ]);
});
