import type { EvidenceDeps } from './deps.ts';
import type { Collection, Fact, Judgement, SummingEvaluator } from './evaluator.ts';
import { inForce } from './in-force.ts';
import { inputOf, judge } from './judge.ts';
import { type Part, unpack } from './pack.ts';
import { readFile, type Stated } from './read-file.ts';

export type GivenFile = {
  readonly stated: Pick<Stated, 'kind' | 'name' | 'source' | 'collectedAt' | 'population'>;
  readonly open: () => AsyncIterable<Buffer>;
};
export type FilesJudged = {
  /** By control, what each evaluator says; only of evaluators that a file here tells something. */
  readonly judgements: ReadonlyMap<
    string,
    readonly { readonly evaluator: string; readonly judgement: Judgement }[]
  >;
  readonly files: readonly {
    readonly name: string;
    readonly kind: string;
    readonly facts: number;
    readonly collectedAt: Date;
    readonly refusedRows: number;
    /** Why nothing of it counts. */
    readonly refused: string | undefined;
  }[];
};

/**
 * What the evaluators say to these files and to nothing else: no system, nothing recorded.
 * @throws {EvidenceRefused} {EvidenceFromFuture}
 */
export async function judgeFiles(
  deps: Pick<EvidenceDeps, 'kinds' | 'importers' | 'evaluators'>,
  given: readonly GivenFile[],
  now: Date,
): Promise<FilesJudged> {
  const collections: Collection[] = [];
  const parts = new Map<string, readonly Part[]>();
  const files: FilesJudged['files'][number][] = [];
  for (const [at, { stated, open }] of given.entries()) {
    const read = await readFile(deps, { environment: 'files', dryRun: true, ...stated }, now, open);
    const { about, gathered, refused } = read;
    const { kind, collectedAt } = about;
    const refusedRows = gathered.report.refused;
    files.push({ name: stated.name, kind, facts: gathered.facts, collectedAt, refusedRows, refused });
    if (refused !== undefined) continue;
    // In the order they were named, so that of two of one moment the later counts.
    const id = String(at).padStart(6, '0');
    parts.set(id, gathered.parts);
    collections.push({
      ...about,
      id,
      environment: 'files',
      tenancy: '',
      origin: stated.name,
      facts: gathered.facts,
      hash: '',
    });
  }
  const factsOf = ({ id }: Collection): Fact[] => (parts.get(id) ?? []).flatMap(unpack);
  const source = {
    facts: factsOf,
    sum: (collection: Collection, evaluator: SummingEvaluator) => {
      const open = evaluator.begin(collection);
      for (const fact of factsOf(collection)) open.add(fact);
      return open.sum();
    },
  };
  const counting = inForce(collections, deps.kinds, now);
  const judgements = new Map<string, { evaluator: string; judgement: Judgement }[]>();
  for (const evaluator of deps.evaluators) {
    const input = inputOf(evaluator, counting);
    if (input.length === 0) continue;
    const judgement = judge(evaluator, input, {
      now,
      previous: undefined,
      kinds: deps.kinds,
      source,
      failed: (error) => {
        throw error;
      },
    });
    for (const control of evaluator.controls)
      judgements.set(control, [...(judgements.get(control) ?? []), { evaluator: evaluator.id, judgement }]);
  }
  return { judgements, files };
}
