import fc from 'fast-check';
import type {
  AssessmentPlanInput,
  AssessmentResultsInput,
  ComponentDefinitionInput,
  Head,
  PoamInput,
  ProfileInput,
  RiskInput,
  SspInput,
} from '../src/index.ts';

/** Arbitrary inputs of every writer: ugly text, ids that are no tokens, members left out. */

const text = fc
  .string({ unit: 'binary', maxLength: 30 })
  .map((value) => value.replaceAll(/[\uD800-\uDFFF]/g, ''));
const line = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 });
const title = fc.oneof(line, text);
// From 2000 on: the schema's own pattern refuses the 29 February of years before.
const when = fc.date({
  min: new Date('2000-01-01T00:00:00Z'),
  max: new Date('2199-12-31T00:00:00Z'),
  noInvalidDate: true,
});
const key = fc.string({ minLength: 1, maxLength: 8 });
const controlId = fc.oneof(
  fc.stringMatching(/^ism-[0-9]{4}$/),
  fc.constantFrom('5.1', 'PSPF 0109', 'A.5.1', 'ac-2.1'),
);
const token = fc.stringMatching(/^[a-z][a-z0-9-]{0,8}$/);
const facts = fc.dictionary(fc.oneof(token, key), text, { minKeys: 1, maxKeys: 3 });

/** Members that may be missing are missing, not undefined. */
const record = <T, K extends keyof T>(model: { [P in keyof T]: fc.Arbitrary<T[P]> }, requiredKeys: K[]) =>
  fc.record(model, { requiredKeys });
const some = <T>(each: fc.Arbitrary<T>, min = 1) => fc.array(each, { minLength: min, maxLength: 3 });
const keyed = <T extends { key: string }>(each: fc.Arbitrary<T>, min = 1) =>
  fc.uniqueArray(each, { minLength: min, maxLength: 3, selector: (item) => item.key });

const resource = record(
  {
    key,
    title,
    description: text,
    href: fc.constantFrom('evidence/a.json', 'https://example.org/a'),
    facts,
  },
  ['key', 'title'],
);

const head: fc.Arbitrary<Head> = record(
  {
    namespace: fc.constantFrom('https://example.org/', 'urn:example:house'),
    key,
    title,
    version: fc.stringMatching(/^[0-9]\.[0-9]$/),
    lastModified: when,
    published: when,
    parties: keyed(
      record(
        {
          key,
          kind: fc.constantFrom('organization' as const, 'person' as const),
          name: title,
          email: fc.constant('a@example.org'),
        },
        ['key', 'kind', 'name'],
      ),
    ),
    remarks: text,
    facts,
    resources: keyed(resource),
  },
  ['namespace', 'key', 'title', 'version', 'lastModified'],
).map((made) => ({
  ...made,
  ...(made.parties === undefined
    ? {}
    : { responsible: { 'prepared-by': made.parties.map((party) => party.key) } }),
}));

const component = record(
  {
    key,
    type: fc.constantFrom('service', 'software'),
    title,
    description: text,
    status: fc.constantFrom('operational' as const, 'disposition' as const),
    facts,
  },
  ['key', 'type', 'title', 'description', 'status'],
);

const answer = record(
  {
    control: controlId,
    status: fc.constantFrom(
      'Not Assessed' as const,
      'Effective' as const,
      'Alternate Control' as const,
      'Ineffective' as const,
      'No Visibility' as const,
      'Not Implemented' as const,
      'Not Applicable' as const,
    ),
    narrative: text,
    because: text,
    responsibleEntity: line,
    customerResponsibility: line,
    statementHash: fc.stringMatching(/^[0-9a-f]{64}$/),
    owner: text,
    facts,
  },
  ['control', 'status', 'narrative'],
);
const answers = fc.uniqueArray(answer, { minLength: 1, maxLength: 5, selector: (each) => each.control });

export const sspInput: fc.Arbitrary<SspInput> = record(
  {
    head,
    profile: fc.constantFrom('profile.json', 'https://example.org/profile.json'),
    system: record(
      {
        id: key,
        name: title,
        description: text,
        sensitivity: fc.constant('PROTECTED'),
        status: fc.constantFrom('operational' as const, 'under-major-modification' as const),
        statusRemarks: text,
        boundary: text,
        network: text,
        information: keyed(
          record({ key, title, description: text, confidentiality: fc.constant('moderate') }, [
            'key',
            'title',
            'description',
          ]),
          0,
        ),
        impact: fc.constant({ confidentiality: 'high', integrity: 'low', availability: 'low' }),
        facts,
      },
      ['id', 'name', 'description', 'status', 'boundary', 'information'],
    ),
    users: keyed(record({ key, title, description: text, facts }, ['key', 'title'])),
    components: keyed(component.filter((each) => each.key !== 'this-system')),
    controls: answers,
    description: text,
  },
  ['head', 'profile', 'system', 'controls', 'description'],
).map((made) => {
  const [first] = made.components ?? [];
  return first === undefined
    ? made
    : {
        ...made,
        leveraged: [{ key: 'irap', title: 'IRAP', party: 'provider', authorised: '2026-01-31' }],
        inventory: [{ key: 'host', description: 'A host', components: [first.key] }],
        controls: made.controls.flatMap((each) => [each, { ...each, component: first.key }]),
      };
});

const observation = record(
  {
    key,
    title,
    description: text,
    methods: fc.constantFrom(['TEST' as const], ['EXAMINE' as const, 'INTERVIEW' as const]),
    types: fc.constant(['finding']),
    collected: when,
    expires: when,
    subjects: fc.constant([{ key: 'host-1', type: 'inventory-item', title: 'Host 1' }]),
    facts,
    remarks: text,
  },
  ['key', 'description', 'methods', 'collected'],
);

const riskOf = (observations: readonly string[]): fc.Arbitrary<RiskInput> =>
  record(
    {
      key,
      title,
      description: text,
      statement: text,
      status: fc.constantFrom('open' as const, 'deviation-approved' as const),
      facets: some(
        record(
          { name: fc.oneof(token, key), value: text, system: fc.constant('https://example.org/score') },
          ['name', 'value'],
        ),
      ),
      deadline: when,
      mitigating: keyed(fc.record({ key, description: text })),
      remediations: keyed(
        record(
          {
            key,
            lifecycle: fc.constantFrom('planned' as const, 'completed' as const),
            title,
            description: text,
            milestones: keyed(record({ key, title, description: text, due: when }, ['key', 'title', 'due'])),
            facts,
          },
          ['key', 'lifecycle', 'title', 'description'],
        ),
      ),
      log: keyed(
        record(
          { key, title, description: text, start: when, end: when, status: fc.constant('open' as const) },
          ['key', 'start'],
        ),
      ),
      observations: observations.length === 0 ? fc.constant(['elsewhere']) : fc.constant(observations),
      facts,
    },
    ['key', 'title', 'description', 'statement', 'status'],
  ).map(({ observations: related, ...risk }) =>
    related === undefined || observations.length === 0 ? risk : { ...risk, observations: related },
  );

const tool = record({ key, title, description: text, facts }, ['key', 'title']);

export const planInput: fc.Arbitrary<AssessmentPlanInput> = record(
  {
    head,
    ssp: fc.constant('ssp.json'),
    description: text,
    controls: fc.uniqueArray(controlId, { minLength: 1, maxLength: 4 }),
    excluded: fc.constant(['ism-0001']),
    tools: keyed(tool),
    activities: keyed(
      record({ key, title, description: text, controls: fc.constant(['ism-0001']), facts }, [
        'key',
        'title',
        'description',
      ]),
    ),
  },
  ['head', 'ssp'],
).map((made) => ({
  ...made,
  ...(made.activities === undefined
    ? {}
    : {
        tasks: [
          {
            key: 'task',
            type: 'action' as const,
            title: 'Look',
            start: new Date('2026-01-01T00:00:00Z'),
            end: new Date('2026-02-01T00:00:00Z'),
            activities: made.activities.map((activity) => activity.key),
          },
        ],
      }),
}));

const determination = (observations: readonly string[]) =>
  record(
    {
      control: controlId,
      state: fc.constantFrom('satisfied' as const, 'not-satisfied' as const, 'unknown' as const),
      because: text,
      wouldSettle: some(text),
      observations: fc.constant(observations),
      judged: when,
      expires: when,
      facts,
    },
    ['control', 'state', 'because', 'observations', 'judged'],
  );

const result = keyed(observation).chain((observations) => {
  const keys = observations.map((each) => each.key);
  return record(
    {
      key,
      title,
      description: text,
      start: when,
      end: when,
      tools: keyed(tool),
      components: keyed(component),
      observations: fc.constant(observations),
      determinations: fc.uniqueArray(determination(keys), {
        minLength: 1,
        maxLength: 5,
        selector: (each) => each.control,
      }),
      risks: keyed(riskOf(keys)),
      facts,
      remarks: text,
    },
    ['key', 'title', 'description', 'start', 'observations', 'determinations'],
  ).map((made) => {
    const [risk] = made.risks ?? [];
    return risk === undefined
      ? made
      : { ...made, determinations: made.determinations.map((each) => ({ ...each, risks: [risk.key] })) };
  });
});

export const resultsInput: fc.Arbitrary<AssessmentResultsInput> = fc.record({
  head,
  plan: fc.constant('plan.json'),
  results: keyed(result),
});

export const poamInput: fc.Arbitrary<PoamInput> = keyed(observation).chain((observations) => {
  const keys = observations.map((each) => each.key);
  return record(
    {
      head,
      ssp: fc.constant('ssp.json'),
      systemId: line.map((value) => value.replaceAll(/\s+/gu, ' ').trim() || 'x'),
      components: keyed(component),
      observations: fc.constant(observations),
      risks: keyed(riskOf(keys)),
      items: keyed(
        record(
          {
            key,
            title,
            description: text,
            controls: fc.uniqueArray(controlId, { minLength: 1, maxLength: 3 }),
            observations: fc.constant(keys),
            due: when,
            owner: text,
            status: text,
            facts,
            remarks: text,
          },
          ['key', 'title', 'description'],
        ),
        0,
      ),
    },
    ['head', 'observations', 'items'],
  );
});

export const definitionInput: fc.Arbitrary<ComponentDefinitionInput> = fc.record({
  head,
  components: keyed(
    record(
      {
        key,
        type: fc.constant('service'),
        title,
        description: text,
        facts,
        implementations: keyed(
          fc.record({
            key,
            source: fc.constant('https://example.org/catalog.json'),
            description: text,
            controls: answers,
          }),
        ),
      },
      ['key', 'type', 'title', 'description'],
    ),
  ),
});

export const profileInput: fc.Arbitrary<ProfileInput> = record(
  {
    head,
    imports: some(
      record(
        {
          href: fc.constant('catalog.json'),
          include: fc.oneof(fc.constant('all' as const), fc.constant(['ism-0001', 'ism-0002'])),
          exclude: fc.constant(['ism-0003']),
        },
        ['href', 'include'],
      ),
    ),
    keepsGroups: fc.boolean(),
    parameters: fc.dictionary(token, some(fc.constantFrom('weekly', 'two weeks')), {
      minKeys: 1,
      maxKeys: 2,
    }),
    additions: some(
      record({ control: fc.constant('ism-0001'), facts, guidance: fc.record({ key: token, prose: text }) }, [
        'control',
      ]),
    ),
  },
  ['head', 'imports', 'keepsGroups'],
);
