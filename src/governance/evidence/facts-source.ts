import { setImmediate as breathe } from 'node:timers/promises';
import type { Json } from '#ledger';
import type { Records } from '#platform/records';
import { systemAccess } from '#platform/scope';
import type { Collection, Evaluator, Fact, SummingEvaluator } from './evaluator.ts';
import { type FactSource, inputOf, isSumming, sumKey } from './judge.ts';
import { type Part, unpack } from './pack.ts';
import { partsOf, putSums, type Sums, sumsOf } from './store.ts';

const access = systemAccess('read evidence');
/** Parts that are read in one transaction: some megabytes at most. */
const partsAtOnce = 20;
/** Facts that are kept unpacked for the next evaluator of the same kinds. */
const mostUnpacked = 200_000;

/**
 * Gets ready what these evaluators need of these collections, so that judging itself waits for nothing: sums that are
 * there, sums worked out now (and kept), and for plain evaluators the facts, packed.
 */
export async function prepareFacts(
  records: Records,
  evaluators: readonly Evaluator[],
  inForce: readonly Collection[],
): Promise<FactSource> {
  const sums = await sumUp(records, evaluators.filter(isSumming), inForce);
  const packed = new Map<string, readonly Part[]>();
  for (const evaluator of evaluators) {
    if (isSumming(evaluator)) continue;
    for (const { id } of inputOf(evaluator, inForce))
      if (!packed.has(id)) packed.set(id, await allParts(records, id));
  }
  const unpacked = new Unpacked();
  return {
    facts: (collection) => unpacked.facts(collection, packed.get(collection.id) ?? []),
    sum: (collection, evaluator) => sums.get(collection.id)?.[sumKey(evaluator)] ?? null,
  };
}

async function allParts(records: Records, id: string): Promise<Part[]> {
  const all: Part[] = [];
  for await (const part of eachPart(records, id)) all.push(part);
  return all;
}

/** A few at a time: a large collection does not keep others from the database. */
async function* eachPart(records: Records, id: string): AsyncGenerator<Part> {
  for (let from = 0; ; from += partsAtOnce) {
    const parts = await records.transaction(access, (tx) => partsOf(tx, id, from, partsAtOnce));
    yield* parts;
    if (parts.length < partsAtOnce) return;
  }
}

async function sumUp(
  records: Records,
  evaluators: readonly SummingEvaluator[],
  inForce: readonly Collection[],
): Promise<Map<string, Sums>> {
  const byKind = new Map<string, SummingEvaluator[]>();
  for (const evaluator of evaluators)
    for (const kind of evaluator.kinds) byKind.set(kind, [...(byKind.get(kind) ?? []), evaluator]);
  const wanted = inForce.filter(({ kind }) => byKind.has(kind));
  const ids = wanted.map(({ id }) => id);
  const kept =
    ids.length === 0 ? new Map<string, Sums>() : await records.transaction(access, (tx) => sumsOf(tx, ids));
  const put: { tenancy: string; collection: string; sums: Sums }[] = [];
  for (const collection of wanted) {
    const before = kept.get(collection.id) ?? {};
    const missing = (byKind.get(collection.kind) ?? []).filter((evaluator) => !(sumKey(evaluator) in before));
    if (missing.length === 0) continue;
    const sums = { ...before, ...(await sumsOfOne(records, collection, missing)) };
    kept.set(collection.id, sums);
    put.push({ tenancy: collection.tenancy, collection: collection.id, sums });
    if (put.length >= 100) await keep(records, put.splice(0));
  }
  await keep(records, put);
  return kept;
}

async function keep(
  records: Records,
  all: readonly { tenancy: string; collection: string; sums: Sums }[],
): Promise<void> {
  const [first] = all;
  // All are of one system, and so of one tenancy.
  if (first !== undefined) await records.transaction(access, (tx) => putSums(tx, first.tenancy, all));
}

async function sumsOfOne(
  records: Records,
  collection: Collection,
  evaluators: readonly SummingEvaluator[],
): Promise<Record<string, Json>> {
  const open = evaluators.map((evaluator) => ({ key: sumKey(evaluator), one: evaluator.begin(collection) }));
  for await (const part of eachPart(records, collection.id)) {
    for (const fact of unpack(part)) for (const { one } of open) one.add(fact);
    await breathe();
  }
  return Object.fromEntries(open.map(({ key, one }) => [key, one.sum()]));
}

/** Unpacked facts, the ones used last; bounded. A collection too large for it is unpacked each time, part by part. */
class Unpacked {
  readonly #kept = new Map<string, readonly Fact[]>();
  #size = 0;

  *facts({ id, facts }: Collection, parts: readonly Part[]): Iterable<Fact> {
    if (facts > mostUnpacked) {
      for (const part of parts) yield* unpack(part);
      return;
    }
    const found = this.#kept.get(id) ?? parts.flatMap(unpack);
    this.#kept.delete(id);
    this.#kept.set(id, found);
    this.#size = [...this.#kept.values()].reduce((sum, one) => sum + one.length, 0);
    for (const [old, { length }] of this.#kept) {
      if (this.#size <= mostUnpacked || old === id) break;
      this.#kept.delete(old);
      this.#size -= length;
    }
    yield* found;
  }
}
