import { fileURLToPath } from 'node:url';
import type { Collection, Evaluator, Fact, ImportEnd, Judgement } from '#governance/evidence';
import { openEvidenceFile } from '../governance/evidence/reading/evidence-file.ts';
import { essentialEightEvaluators } from './evaluators/all.ts';
import { essentialEightImporters } from './importers/all.ts';
import type { Kind } from './kinds.ts';
import { loadTable } from './load.ts';
import type { Table } from './table.ts';

/** The table that ships. */
export const shippedTable = (): Table => loadTable(fileURLToPath(new URL('../..', import.meta.url)));

/** Facts as an import would leave them; source and time where the test is about them. */
export type Given = {
  readonly kind: Kind;
  readonly source?: string;
  readonly collectedAt?: Date;
  readonly of?: number;
  readonly ceiling?: Collection['ceiling'];
  readonly facts: readonly Fact[];
};

/** What an evaluator says to this evidence, however it reads it. */
export function judged(evaluator: Evaluator, given: readonly Given[], now: Date): Judgement {
  const all = given.map((one, at): { collection: Collection; facts: readonly Fact[] } => ({
    facts: one.facts,
    collection: {
      id: `c${at}`,
      environment: 'odce',
      tenancy: 'harbour-odce',
      kind: one.kind,
      source: one.source ?? 'a source',
      origin: 'test',
      collectedAt: one.collectedAt ?? now,
      expiresAt: new Date(now.getTime() + 86_400_000),
      population: { covered: one.facts.length, of: one.of, basis: 'test' },
      facts: one.facts.length,
      hash: '',
      ceiling: one.ceiling ?? 'direct',
    },
  }));
  const of = (kind: string) => all.filter(({ collection }) => collection.kind === kind);
  const unread = given.filter(({ kind }) => !evaluator.kinds.includes(kind));
  if (unread.length > 0) throw new Error(`${evaluator.id} doesn't read ${unread[0]?.kind}`);
  if (!('begin' in evaluator))
    return evaluator.evaluate({
      now,
      collections: (kind) => of(kind).map(({ collection }) => collection),
      facts: (kind) =>
        of(kind).flatMap(({ collection, facts }) => facts.map((fact) => ({ collection, fact }))),
    });
  return evaluator.judge({
    now,
    sums: (kind) =>
      of(kind).map(({ collection, facts }) => {
        const summed = evaluator.begin(collection);
        for (const fact of facts) summed.add(fact);
        // As it comes back from where it is kept.
        return { collection, sum: JSON.parse(JSON.stringify(summed.sum())) };
      }),
  });
}

const evaluators = essentialEightEvaluators(shippedTable());
/** The evaluator of that id; a test names one that isn't there by mistake only. */
export function evaluatorNamed(id: string): Evaluator {
  const found = evaluators.find((one) => one.id === id);
  if (found === undefined) throw new Error(`there is no evaluator ${id}`);
  return found;
}

export const host = (name: string, values: Fact['values'] = {}): Fact => ({
  subject: name,
  values: { role: 'workstation', os: 'Windows 11', internetFacing: false, office: true, ...values },
});
export const hosts = (...names: readonly (string | Fact)[]): Given => ({
  kind: 'inventory.hosts',
  facts: names.map((one) => (typeof one === 'string' ? host(one) : one)),
});

export type Read = {
  readonly kind: string;
  readonly importer: string;
  readonly facts: readonly Fact[];
  readonly refused: readonly string[];
  readonly skipped: number;
  readonly end: ImportEnd;
};

/** What the first importer that takes the file makes of it; undefined where none or more than one would take it. */
export async function imported(
  name: string,
  content: string | Uint8Array,
  now = new Date(),
): Promise<Read | undefined> {
  const { file, head } = await openEvidenceFile(name, async function* () {
    yield Buffer.from(content);
  });
  const [importer, second] = essentialEightImporters.filter((one) => one.accepts(head));
  if (importer === undefined || second !== undefined) return undefined;
  const facts: Fact[] = [];
  const refused: string[] = [];
  let skipped = 0;
  const steps = importer.read(file, { now });
  let step = await steps.next();
  for (; step.done !== true; step = await steps.next()) {
    if ('facts' in step.value) facts.push(...step.value.facts);
    else if ('refused' in step.value) refused.push(step.value.refused);
    else skipped++;
  }
  return { kind: importer.kind, importer: importer.name, facts, refused, skipped, end: step.value };
}
