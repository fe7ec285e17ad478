import type { ControlState, SystemState } from './state.ts';

const now = new Date('2026-11-20T02:00:00Z');
const day = 86_400_000;
const ago = (days: number): Date => new Date(now.getTime() - days * day);
const within = (days: number): Date => new Date(now.getTime() + days * day);
const hashOf = (letter: string): string => letter.repeat(64);

const control = (id: string, over: Partial<ControlState>): ControlState => ({
  id,
  label: id.toUpperCase(),
  statement: `What ${id} asks for.`,
  statementHash: hashOf('a'),
  guidance: '',
  path: ['Guidelines for own things', 'First section', 'A topic'],
  applicability: ['NC', 'OS', 'P'],
  levels: [],
  revision: '1',
  updated: 'Mar-26',
  status: 'Not Assessed',
  basis: 'none',
  confidence: null,
  because: 'Nobody answered, and there is no evidence.',
  unknownWhy: 'Nobody answered, and there is no evidence.',
  wouldSettle: [],
  asOf: null,
  expires: null,
  reaffirm: false,
  failing: [],
  answer: null,
  judgements: [],
  ...over,
});

/** A small system of our own with something of everything: for tests and the benchmark, never for a running system. */
export function sampleState(over: Partial<SystemState> = {}): SystemState {
  const answer = {
    status: 'Effective',
    responsibleEntity: 'Cloud Service Provider',
    customerResponsibility: 'Inherited',
    narrative: 'Every person signs in with a passkey.',
    owner: 'Mira Okafor',
    guidance: {
      organisation: 'Yes',
      selecting: 'Ask for the register of people.\n\nSee also OWN-0002.',
      technology: 'No',
      implementing: '',
    },
    overrides: [
      {
        service: 'backup',
        tenancy: null,
        responsibleEntity: 'Shared',
        customerResponsibility: 'Configurable',
        note: 'Choose how long copies are kept.',
      },
    ],
    by: 'Mira Okafor',
    at: ago(12),
  } as const;
  return {
    at: now,
    system: {
      environment: 'odce',
      name: 'OFFICIAL Data Community Environment',
      marking: 'OFFICIAL: Sensitive',
      tenancy: 'wattle-odce',
      provider: { id: 'wattle', name: 'Wattle Cloud' },
    },
    framework: {
      id: 'own-demo',
      title: 'Own demonstration catalogue',
      edition: '2026.03.1',
      profile: 'PROTECTED',
      hash: hashOf('c'),
    },
    controls: [
      control('own-0001', {
        statement: 'People sign in with something they hold and something they know.',
        levels: ['ML1', 'ML2', 'ML3'],
        status: 'Effective',
        basis: 'both',
        confidence: 'direct',
        because: '52 of 52 people have a passkey.',
        unknownWhy: null,
        asOf: ago(3),
        expires: within(27),
        answer,
        judgements: [
          {
            evaluator: 'own.sign-in',
            version: 2,
            status: 'satisfied',
            confidence: 'direct',
            because: '52 of 52 people have a passkey.',
            tested: 52,
            of: 52,
            failed: 0,
            collections: ['c-sign-ins'],
            judgedAt: ago(1),
            validUntil: within(27),
          },
        ],
      }),
      control('own-0002', {
        statement: 'Patches are applied within two weeks of release.',
        levels: ['ML1'],
        status: 'Ineffective',
        basis: 'evidence',
        confidence: 'proxy',
        because: '2 of 40 hosts lack a patch that is older than two weeks.',
        unknownWhy: null,
        asOf: ago(2),
        expires: within(5),
        failing: [
          { subject: 'host lab-7', why: 'openssl 3.0.1 has been out of date for 20 days', due: ago(6) },
          { subject: 'host lab-9', why: '=cmd|calc, as the scanner wrote it', due: within(2) },
        ],
        judgements: [
          {
            evaluator: 'own.patching',
            version: 1,
            status: 'not-satisfied',
            confidence: 'proxy',
            because: '2 of 40 hosts lack a patch.',
            tested: 40,
            of: 52,
            failed: 2,
            collections: ['c-packages'],
            judgedAt: ago(1),
            validUntil: within(5),
          },
        ],
      }),
      control('own-0003', {
        path: ['Guidelines for own things', 'Second section', 'Another topic'],
        statement: 'Copies are restored as a test each month.',
        status: 'Not Implemented',
        basis: 'answer',
        confidence: 'attested',
        because: 'Answered by Mira Okafor: no restore test is done yet.',
        unknownWhy: null,
        asOf: ago(40),
        answer: {
          ...answer,
          status: 'Not Implemented',
          narrative: '=HYPERLINK("http://evil.example","no restore test is done yet")',
          overrides: [],
        },
      }),
      control('own-0004', {
        path: ['Guidelines for own things', 'Second section', 'Another topic'],
        status: 'No Visibility',
        because: 'The evidence expired.',
        unknownWhy: 'The evidence expired at 2026-11-10T02:00:00Z.',
        wouldSettle: ['own.backups of the last 30 days'],
        reaffirm: true,
        answer: {
          ...answer,
          narrative: '',
          responsibleEntity: null,
          customerResponsibility: null,
          guidance: null,
        },
      }),
      control('own-0005', {
        path: ['Guidelines for the rest', 'Only section', 'Last topic'],
        applicability: ['S', 'TS'],
        status: 'Not Applicable',
        basis: 'answer',
        because: 'Answered by Mira Okafor: there is no such service.',
        unknownWhy: null,
        answer: {
          ...answer,
          status: 'Not Applicable',
          responsibleEntity: 'Not Applicable',
          customerResponsibility: 'Not Applicable',
          narrative: 'There is no such service.',
        },
      }),
      control('own-0006', {
        path: ['Guidelines for the rest', 'Only section', 'Last topic'],
        status: 'Alternate Control',
        basis: 'answer',
        confidence: 'attested',
        because: 'Answered by Mira Okafor.',
        unknownWhy: null,
        asOf: ago(100),
        answer: { ...answer, status: 'Alternate Control', narrative: '+61 2 5550 0100 answers at any hour.' },
      }),
      control('own-0007', { path: ['Guidelines for the rest', 'Only section', 'Last topic'] }),
    ],
    collections: [
      {
        id: 'c-sign-ins',
        kind: 'own.sign-ins',
        source: 'identity of this system',
        origin: 'collector people',
        collectedAt: ago(3),
        expiresAt: within(27),
        population: { covered: 52, of: 52, basis: 'people with an account' },
        facts: 52,
        hash: hashOf('1'),
        ceiling: 'direct',
        ledgerId: 'entry-1',
      },
      {
        id: 'c-packages',
        kind: 'own.packages',
        source: 'hosts of odce',
        origin: 'packages.csv',
        collectedAt: ago(2),
        expiresAt: within(5),
        population: { covered: 40, of: 52, basis: 'hosts, from the inventory' },
        facts: 12_400,
        hash: hashOf('2'),
        ceiling: 'proxy',
        ledgerId: 'entry-2',
      },
      {
        id: 'c-backups',
        kind: 'own.backups',
        source: 'backup service',
        origin: 'jobs.json',
        collectedAt: ago(40),
        expiresAt: ago(10),
        population: { covered: 12, of: null, basis: 'jobs in the log' },
        facts: 360,
        hash: hashOf('3'),
        ceiling: 'direct',
        ledgerId: null,
      },
    ],
    findings: [
      {
        id: 'f-1',
        control: 'own-0002',
        title: 'Hosts lack patches',
        detail: '2 of 40 hosts lack a patch that is older than two weeks.',
        severity: 'high',
        openedAt: ago(6),
        due: ago(1),
        owner: 'Ravi Chen',
        plan: 'Patch lab-7 and lab-9.',
        state: 'open',
        closedAt: null,
        collections: ['c-packages'],
      },
      {
        id: 'f-0',
        control: 'own-0001',
        title: 'One person had no passkey',
        detail: '51 of 52.',
        severity: 'medium',
        openedAt: ago(30),
        due: null,
        owner: null,
        plan: '',
        state: 'closed',
        closedAt: ago(3),
        collections: [],
      },
    ],
    exceptions: [
      {
        id: 'x-1',
        control: 'own-0003',
        kind: 'risk-acceptance',
        reason: 'Restore tests begin when the second site is ready.',
        approvedBy: 'Mira Okafor',
        from: ago(30),
        until: within(60),
      },
    ],
    maturity: {
      overall: 0,
      target: 2,
      strategies: [
        { strategy: 'Patch applications', level: 0, target: 2, blocking: ['OWN-0002'], unknown: [] },
        { strategy: 'Multi-factor authentication', level: 2, target: 2, blocking: [], unknown: [] },
        { strategy: 'Regular backups', level: 0, target: 2, blocking: [], unknown: ['OWN-0004'] },
      ],
    },
    risks: [
      {
        id: 'r-1',
        title: 'Case files are read by somebody else',
        asset: 'Case files',
        dimension: 'confidentiality',
        likelihood: { low: 0.02, middle: 0.06, high: 0.14 },
        treatment: 'mitigate',
        owner: 'Mira Okafor',
      },
    ],
    certificates: [
      {
        id: 'irap-2025',
        title: 'IRAP assessment, PROTECTED',
        scope: 'ODCE and its backup service',
        assessor: 'Banksia Assurance',
        from: ago(200),
        until: within(530),
        conditions: ['Restore tests by March 2027'],
      },
    ],
    documents: [
      {
        id: 'p-1',
        title: 'Patch management standard',
        version: '3',
        approvedAt: ago(90),
        reviewDue: within(275),
        controls: ['own-0002'],
      },
    ],
    assets: {
      information: 4,
      supporting: 61,
      byKind: [
        { kind: 'host', count: 52 },
        { kind: 'network', count: 9 },
      ],
    },
    services: [
      { id: 'iaas', name: 'Infrastructure' },
      { id: 'backup', name: 'Backup' },
    ],
    tenancies: [
      { id: 'acme-odce', organisation: 'Acme Holdings', name: 'Acme in ODCE', services: ['backup'] },
    ],
    mapped: [
      {
        id: 'iso-27001',
        title: 'ISO/IEC 27001 Annex A',
        edition: '2022',
        clauses: [
          clause('A.5.17', 'Sign-in secrets', [['own-0001', 'high']]),
          clause('A.8.8', 'Technical weaknesses', [
            ['own-0001', 'low'],
            ['own-0002', 'high'],
          ]),
          clause('A.8.13', 'Copies', [
            ['own-0003', 'high'],
            ['own-0004', 'medium'],
          ]),
          clause('A.8.14', 'Spare parts', [['own-0004', 'medium']]),
          clause('A.7.1', 'Fences', []),
          {
            ...clause('A.8.30', 'Work done by others', []),
            decision: { included: false, justification: 'Nothing is developed by others.' },
          },
        ],
      },
    ],
    ...over,
  };
}

function clause(
  label: string,
  title: string,
  controls: readonly (readonly [string, string])[],
): SystemState['mapped'][number]['clauses'][number] {
  return {
    id: label.toLowerCase(),
    label,
    title,
    theme: 'Technological',
    decision: null,
    controls: controls.map(([of, confidence]) => ({ control: of, confidence })),
  };
}

/** The sample made as large as an edition of the ISM. */
export function largeState(count: number): SystemState {
  const sample = sampleState();
  const controls = Array.from({ length: count }, (_, at): ControlState => {
    const like = sample.controls[at % sample.controls.length];
    if (like === undefined) throw new Error('the sample has controls');
    const number = String(at + 1).padStart(4, '0');
    return {
      ...like,
      id: `own-${number}`,
      label: `OWN-${number}`,
      statement: `${like.statement} `.repeat(4).trim(),
      path: [
        `Guidelines ${Math.floor(at / 45)}`,
        `Section ${Math.floor(at / 15)}`,
        `Topic ${Math.floor(at / 3)}`,
      ],
      answer: like.answer && {
        ...like.answer,
        guidance: like.answer.guidance && {
          ...like.answer.guidance,
          selecting: `${like.answer.guidance.selecting} `.repeat(6),
          implementing: 'What to look at when it is put into place. '.repeat(8),
        },
      },
    };
  });
  return { ...sample, controls };
}
