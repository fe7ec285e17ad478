import { createHash } from 'node:crypto';
import { canonical, type Json, storableText } from '#ledger';
import { weakest } from './confidence.ts';
import {
  type Collection,
  type Evaluator,
  type EvidenceInForce,
  type Fact,
  type Failing,
  failingCap,
  type Judgement,
  type SummingEvaluator,
} from './evaluator.ts';
import type { EvidenceKind } from './importer.ts';
import { kindOf } from './kinds.ts';

export const isSumming = (evaluator: Evaluator): evaluator is SummingEvaluator => 'begin' in evaluator;

/** What is kept of a sum is under this name: another version, or other parameters, sum up anew. */
export const sumKey = ({ id, version, parameters }: Evaluator): string =>
  `${id}@${version}${parameters === undefined ? '' : `:${sha256(canonical(parameters)).slice(0, 12)}`}`;

/** The collections in force that an evaluator looks at, oldest first. */
export const inputOf = (evaluator: Evaluator, inForce: readonly Collection[]): readonly Collection[] =>
  inForce.filter(({ kind }) => evaluator.kinds.includes(kind));

/** One hash for one input: what gives the same is not judged again. */
export function inputHash(evaluator: Evaluator, collections: readonly Collection[]): string {
  const input: Json = [sumKey(evaluator), [...evaluator.controls], collections.map(({ id }) => id)];
  return sha256(JSON.stringify(input));
}

/** How an evaluator's facts are had. */
export type FactSource = {
  facts(collection: Collection): Iterable<Fact>;
  sum(collection: Collection, evaluator: SummingEvaluator): Json;
};

/**
 * What an evaluator says, held to the rules it can't set aside: nothing is judged without evidence, nothing is satisfied
 * that nobody looked at, and no confidence is above the evaluator's or its evidence's ceiling.
 *
 * @param collections in force, of its kinds, oldest first
 * @param failed told when the evaluator threw: the judgement is unknown then
 */
export function judge(
  evaluator: Evaluator,
  collections: readonly Collection[],
  {
    now,
    previous,
    kinds,
    source,
    failed,
  }: {
    readonly now: Date;
    readonly previous: Judgement | undefined;
    readonly kinds: readonly EvidenceKind[];
    readonly source: FactSource;
    readonly failed: (error: unknown) => void;
  },
): Judgement {
  if (collections.length === 0)
    return {
      status: 'unknown',
      because: `There is no evidence in force: ${evaluator.kinds.map((kind) => kindOf(kinds, kind).title).join(', ')}.`,
      wouldSettle: settling(evaluator, kinds),
    };
  const of = (kind: string): readonly Collection[] => collections.filter((one) => one.kind === kind);
  const before = previous === undefined ? {} : { previous };
  try {
    const judgement = isSumming(evaluator)
      ? evaluator.judge({
          sums: (kind) =>
            of(kind).map((collection) => ({ collection, sum: source.sum(collection, evaluator) })),
          now,
          ...before,
        })
      : evaluator.evaluate({ collections: of, facts: factsOf(of, source), now, ...before });
    return held(judgement, evaluator, collections, kinds);
  } catch (error) {
    failed(error);
    return {
      status: 'unknown',
      because: 'The evidence could not be judged: the evaluator failed. The log of the system says why.',
      wouldSettle: settling(evaluator, kinds),
    };
  }
}

const factsOf =
  (of: (kind: string) => readonly Collection[], source: FactSource): EvidenceInForce['facts'] =>
  (kind) => ({
    *[Symbol.iterator]() {
      for (const collection of of(kind))
        for (const fact of source.facts(collection)) yield { collection, fact };
    },
  });

export const settling = (evaluator: Evaluator, kinds: readonly EvidenceKind[]): string[] =>
  evaluator.kinds.map((kind) => kindOf(kinds, kind).title);

function held(
  judgement: Judgement,
  evaluator: Evaluator,
  collections: readonly Collection[],
  kinds: readonly EvidenceKind[],
): Judgement {
  const because = storableText(judgement.because);
  if (judgement.status === 'unknown')
    return { ...judgement, because, wouldSettle: judgement.wouldSettle.map(storableText) };
  if (judgement.status === 'satisfied' && judgement.tested === 0)
    return {
      status: 'unknown',
      because: 'There is evidence, and nothing in it that this could be seen from.',
      wouldSettle: settling(evaluator, kinds),
    };
  const confidence = weakest(
    judgement.confidence,
    evaluator.ceiling,
    ...collections.map(({ ceiling }) => ceiling),
  );
  if (judgement.status === 'satisfied') return { ...judgement, because, confidence };
  return {
    ...judgement,
    because,
    confidence,
    failed: Math.max(judgement.failed, judgement.failing.length),
    failing: judgement.failing.slice(0, failingCap).map(storableFailing),
  };
}

const storableFailing = (one: Failing): Failing => ({
  ...one,
  subject: storableText(one.subject),
  why: storableText(one.why),
});

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
