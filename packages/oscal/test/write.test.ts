import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type AssessmentResultsInput,
  assessmentPlan,
  assessmentResults,
  componentDefinition,
  createReader,
  InputFault,
  type Model,
  poam,
  profile,
  readAssessmentPlan,
  readAssessmentResults,
  readComponentDefinition,
  readPoam,
  readProfile,
  readSsp,
  ssp,
  uuidsOf,
} from '../src/index.ts';
import { definitionInput, planInput, poamInput, profileInput, resultsInput, sspInput } from './inputs.ts';

const read = createReader();

/** Faults of a document under 1.1.2, and of the same document called 1.2.1. */
function faults(model: Model, value: { metadata: object }): unknown {
  return ['1.1.2', '1.2.1'].flatMap((version) => {
    const metadata = { ...value.metadata, 'oscal-version': version };
    const result = read(JSON.stringify({ [model]: { ...value, metadata } }));
    return result.ok ? [] : result.faults.map((fault) => ({ version, ...fault }));
  });
}

function holds<I, D extends { metadata: object }>(
  model: Model,
  inputs: fc.Arbitrary<I>,
  write: (input: I) => D,
  readBack: (document: D) => I,
): void {
  fc.assert(
    fc.property(inputs, (input) => {
      const document = write(input);
      expect(faults(model, document)).toEqual([]);
      expect(write(input)).toEqual(document);
      // Through text, as a file is.
      const reread: D = JSON.parse(JSON.stringify(document));
      expect(readBack(reread)).toEqual(input);
    }),
    { numRuns: 60 },
  );
}

describe('what is written is valid under both versions, the same every time, and read back without loss', () => {
  test('system security plans', () => holds('system-security-plan', sspInput, ssp, readSsp));
  test('assessment plans', () => holds('assessment-plan', planInput, assessmentPlan, readAssessmentPlan));
  test('assessment results', () =>
    holds('assessment-results', resultsInput, assessmentResults, readAssessmentResults));
  test('plans of action and milestones', () =>
    holds('plan-of-action-and-milestones', poamInput, poam, readPoam));
  test('component definitions', () =>
    holds('component-definition', definitionInput, componentDefinition, readComponentDefinition));
  test('profiles', () => holds('profile', profileInput, profile, readProfile));
});

const head = {
  namespace: 'https://example.org/',
  key: 'odce',
  title: 'Results',
  version: '1',
  lastModified: new Date('2026-01-31T00:00:00Z'),
};
const judged = new Date('2026-01-30T00:00:00Z');
const seen = { key: 'seen', description: 'Looked.', methods: ['TEST' as const], collected: judged };
const result: AssessmentResultsInput['results'][number] = {
  key: 'first',
  title: 'First',
  description: '',
  start: judged,
  observations: [seen],
  determinations: [
    {
      control: 'ism-0001',
      state: 'satisfied' as const,
      because: 'All 5 hosts.',
      observations: ['seen'],
      judged,
    },
    {
      control: 'ism-0002',
      state: 'not-satisfied' as const,
      because: '1 of 5.',
      observations: ['seen'],
      judged,
    },
    {
      control: 'ism-0003',
      state: 'unknown' as const,
      because: 'Nothing was collected.',
      wouldSettle: ['sign-in logs'],
      observations: [],
      judged,
    },
  ],
};

describe('an assessment', () => {
  const [written] = assessmentResults({ head, plan: 'plan.json', results: [result] }).results;

  test('says of a control that is not determined: reviewed, no finding, and an observation with the reason', () => {
    expect(written?.['reviewed-controls']['control-selections'][0]?.['include-controls']).toEqual([
      { 'control-id': 'ism-0001' },
      { 'control-id': 'ism-0002' },
      { 'control-id': 'ism-0003' },
    ]);
    expect(written?.findings?.map(({ target }) => [target['target-id'], target.status.state])).toEqual([
      ['ism-0001_smt', 'satisfied'],
      ['ism-0002_smt', 'not-satisfied'],
    ]);
    const observation = written?.observations?.at(-1);
    expect(observation).toMatchObject({
      methods: ['UNKNOWN'],
      remarks: 'What would settle it: sign-in logs',
    });
    expect(observation?.props).toContainEqual({
      name: 'not-determined',
      ns: 'urn:ironbark:oscal:1',
      value: 'Nothing was collected.',
    });
  });

  test('is refused with a finding that no observation stands behind, or of a control twice', () => {
    const refuse = (determinations: typeof result.determinations) => () =>
      assessmentResults({ head, plan: 'plan.json', results: [{ ...result, determinations }] });
    const [first] = result.determinations;
    if (first === undefined) throw new Error('no determination');
    expect(refuse([{ ...first, observations: [] }])).toThrow(/no observation behind it/);
    expect(refuse([{ ...first, observations: ['gone'] }])).toThrow(/gone, which is not listed/);
    expect(refuse([first, first])).toThrow(InputFault);
    expect(refuse([])).toThrow(/at least one control/);
  });
});

test('a control that is not implemented has a state of this house, with the reason beside it', () => {
  const system = {
    id: 'odce',
    name: 'ODCE',
    description: '',
    status: 'operational' as const,
    boundary: '',
    information: [],
  };
  const answer = {
    control: 'ism-0001',
    status: 'Not Implemented' as const,
    narrative: '',
    because: 'Bought, not built.',
  };
  const plan = ssp({ head, profile: 'profile.json', system, controls: [answer], description: '' });
  const [requirement] = plan['control-implementation']['implemented-requirements'];
  expect(requirement?.['by-components']?.[0]?.['implementation-status']).toEqual({
    state: 'not-implemented',
    remarks: 'Bought, not built.',
  });
});

test('a plan of action with nothing open says so, and is read back as empty', () => {
  const plan = poam({ head, items: [] });
  expect(plan['poam-items'].map((item) => item.title)).toEqual(['Nothing is open']);
  expect(readPoam(plan).items).toEqual([]);
});

test('a uuid follows from namespace, document and thing, and from nothing else', () => {
  const uuid = uuidsOf('https://example.org/', 'odce');
  expect(uuid('risk', 'a', 'b')).toBe(uuidsOf('https://example.org/', 'odce')('risk', 'a', 'b'));
  const others = [
    uuid('risk', 'ab'),
    uuid('risk', 'a', 'b'),
    uuid('item', 'a', 'b'),
    uuidsOf('https://example.org/', 'pdce')('risk', 'a', 'b'),
  ];
  expect(new Set(others).size).toBe(4);
  expect(uuid('risk', 'a')).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});
