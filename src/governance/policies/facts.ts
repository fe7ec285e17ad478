import type { Evaluator, EvidenceKind, Fact, Judgement, Population } from '#governance/evidence';
import type { Tx } from '#platform/records';
import type { DocumentView } from './contract.ts';
import { requiredDocuments } from './required.ts';
import { seen } from './view.ts';
import { worldOf } from './world.ts';

/** What the register says about itself: a snapshot at every look. */
export const documentEvidence: readonly EvidenceKind[] = [
  {
    kind: 'documents.register',
    title: 'Register of documents',
    how: 'The system looks at its own register: which documents hold, who approved them, when they were last reviewed.',
    validDays: 7,
    grows: 'snapshot',
    ceiling: 'direct',
  },
  {
    kind: 'documents.acknowledgement',
    title: 'Acknowledgements of documents',
    how: 'The system looks at its own register: who was to read which version, and who said that they did.',
    validDays: 7,
    grows: 'snapshot',
    ceiling: 'direct',
  },
];

export type Gathered = {
  readonly kind: string;
  readonly source: string;
  readonly population: Population;
  readonly facts: readonly Fact[];
};

/** What holds in one system: its own documents and those of the organisation. */
export async function gatherDocuments(tx: Tx, environment: string, now: Date): Promise<Gathered[]> {
  const world = await worldOf(tx, now);
  const here = world.documents.filter(
    ({ environments, retiredAt }) =>
      retiredAt === null && (environments.length === 0 || environments.includes(environment)),
  );
  const all = here.map((document) => ({ document, ...seen(world, document, now) }));
  const owed = all.flatMap(({ document, owed: people }) => people.map((one) => ({ document, ...one })));
  return [
    {
      kind: 'documents.register',
      source: 'register of documents',
      population: {
        covered: all.length,
        of: all.length,
        basis: 'documents in the register, retired ones left out',
      },
      facts: all.map(({ view }) => registerFact(view)),
    },
    {
      kind: 'documents.acknowledgement',
      source: 'register of documents',
      population: {
        covered: owed.filter(({ state }) => state === 'acknowledged').length,
        of: owed.length,
        basis: 'people out of those who were to read a document, once for each document',
      },
      facts: owed.map(({ document, person, version, state, dueAt, acknowledgedAt }) => ({
        subject: `${document.title}: ${person.name}`,
        ...(acknowledgedAt !== undefined && { at: acknowledgedAt }),
        values: { document: document.id, person: person.id, version, state, due: dueAt.toISOString() },
      })),
    },
  ];
}

const registerFact = (view: DocumentView): Fact => ({
  subject: view.title,
  values: {
    document: view.id,
    kind: view.kind,
    required: view.required,
    version: view.version,
    approvedBy: view.approvedBy,
    review: view.review.state,
    currentAsAt: view.review.currentAsAt,
    due: view.review.dueAt,
    controls: [...view.controls],
  },
});

/** Reviewed within its time, and saying as at when it is current. SOURCE: ISM-0888. */
const reviewed: Evaluator = {
  id: 'documents.reviewed',
  version: 1,
  title: 'Every document was reviewed within its time',
  controls: ['ism-0888'],
  kinds: ['documents.register'],
  ceiling: 'direct',
  evaluate: ({ facts }) => {
    const held = registerIn(facts('documents.register')).filter(({ values }) => values['version'] !== null);
    if (held.length === 0) return nothing('No document is in force.');
    const late = held.filter(({ values }) => values['review'] === 'overdue');
    if (late.length === 0)
      return {
        status: 'satisfied',
        confidence: 'direct',
        because: `All ${held.length} documents in force were reviewed within their time and say as at when they are current.`,
        tested: held.length,
      };
    return {
      status: 'not-satisfied',
      confidence: 'direct',
      because: `${late.length} of ${held.length} documents in force are past their review.`,
      tested: held.length,
      failed: late.length,
      failing: late.slice(0, 100).map(({ subject, values }) => ({
        subject,
        why: `Its review was due on ${dayOf(values['due'])}.`,
      })),
    };
  },
};

/** Told to those it concerns, and they said so. SOURCE: ISM-1602. */
const communicated: Evaluator = {
  id: 'documents.communicated',
  version: 1,
  title: 'Who is to read a document has acknowledged it',
  controls: ['ism-1602'],
  kinds: ['documents.acknowledgement'],
  ceiling: 'direct',
  evaluate: ({ facts }) => {
    const all = registerIn(facts('documents.acknowledgement'));
    if (all.length === 0) return nothing('No document is distributed to anybody.');
    const late = all.filter(({ values }) => values['state'] === 'overdue');
    const done = all.filter(({ values }) => values['state'] === 'acknowledged').length;
    if (late.length === 0)
      return {
        status: 'satisfied',
        confidence: 'direct',
        because: `${done} of ${all.length} acknowledgements are given, and none is late.`,
        tested: all.length,
      };
    return {
      status: 'not-satisfied',
      confidence: 'direct',
      because: `${late.length} of ${all.length} acknowledgements are late.`,
      tested: all.length,
      failed: late.length,
      failing: late.slice(0, 100).map(({ subject, values }) => ({
        subject,
        why: `It was due on ${dayOf(values['due'])}.`,
      })),
    };
  },
};

/** That a plan is there, approved and current. Whether it is carried out, this can't tell: hence `partial`. */
const kept = requiredDocuments.map(
  ({ key, title, controls }): Evaluator => ({
    id: `documents.required.${key}`,
    version: 1,
    title: `${title}: approved, in force, current`,
    controls,
    kinds: ['documents.register'],
    ceiling: 'partial',
    evaluate: ({ facts }) => {
      const found = registerIn(facts('documents.register')).find(
        ({ values }) => values['required'] === key && values['version'] !== null,
      );
      if (found === undefined) return nothing(`No "${title}" is in force.`);
      if (found.values['review'] !== 'overdue')
        return {
          status: 'satisfied',
          confidence: 'partial',
          because: `"${found.subject}" is in force, approved by ${textOf(found.values['approvedBy'])}, current as at ${dayOf(found.values['currentAsAt'])}. Whether it is carried out is not seen.`,
          tested: 1,
        };
      return {
        status: 'not-satisfied',
        confidence: 'partial',
        because: `"${found.subject}" is past its review.`,
        tested: 1,
        failed: 1,
        failing: [
          {
            subject: found.subject,
            why: `Its review was due on ${dayOf(found.values['due'])}.`,
          },
        ],
      };
    },
  }),
);

export const documentEvaluators: readonly Evaluator[] = [reviewed, communicated, ...kept];

const registerIn = (facts: Iterable<{ readonly fact: Fact }>): Fact[] =>
  Array.from(facts, ({ fact }) => fact);

/** A document that is not here may be kept elsewhere: that is not known, and not a failure. */
const nothing = (because: string): Judgement => ({
  status: 'unknown',
  because,
  wouldSettle: ['an approved document in the register of documents'],
});

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
const dayOf = (value: unknown): string => textOf(value).slice(0, 10);
