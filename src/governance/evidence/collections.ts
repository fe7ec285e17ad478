import { createHash } from 'node:crypto';
import { systemOf } from '#governance';
import type { Actor } from '#identity';
import { NotFound } from '#platform/errors';
import type { EvidenceDeps } from './deps.ts';
import { RawEvidenceDamaged } from './errors.ts';
import type { Collection, Fact } from './evaluator.ts';
import type { EvidenceKind } from './importer.ts';
import { inForce, isExpired } from './in-force.ts';
import { unpack } from './pack.ts';
import { openRaw, sweepRaw } from './raw.ts';
import {
  collectionById,
  collectionsAround,
  collectionsPage,
  knownHashes,
  partSizes,
  partsOf,
  type StoredCollection,
} from './store.ts';
import { systemAccess } from '#platform/scope';

export type CollectionState = 'in-force' | 'expired' | 'replaced';
export type Seen = { readonly collection: StoredCollection; readonly state: CollectionState };

const stateOf = (one: Collection, current: ReadonlySet<string>, now: Date): CollectionState =>
  isExpired(one, now) ? 'expired' : current.has(one.id) ? 'in-force' : 'replaced';

/** Newest arrivals first. @throws {NotFound} */
export function listCollections(
  deps: EvidenceDeps,
  actor: Actor,
  query: { environment: string; kind: string | undefined; before: string | undefined; limit: number },
): Promise<Seen[]> {
  return deps.records.transaction(actor.scope, async (tx) => {
    await systemOf(tx, actor.scope, query.environment);
    const now = deps.clock.now();
    const around = await collectionsAround(tx, query.environment, now);
    const current = new Set(inForce(around, deps.kinds, now).map(({ id }) => id));
    const page = await collectionsPage(tx, query);
    return page.map((collection) => ({ collection, state: stateOf(collection, current, now) }));
  });
}

/** @throws {NotFound} */
export function showCollection(deps: EvidenceDeps, actor: Actor, id: string): Promise<Seen> {
  return deps.records.transaction(actor.scope, async (tx) => {
    const collection = await collectionById(tx, id);
    if (collection === undefined) throw new NotFound('collection', id);
    await systemOf(tx, actor.scope, collection.environment);
    const now = deps.clock.now();
    const around = await collectionsAround(tx, collection.environment, now);
    const current = new Set(inForce(around, deps.kinds, now).map((one) => one.id));
    return { collection, state: stateOf(collection, current, now) };
  });
}

/** In the order of the file, from the fact number `from` on. @throws {NotFound} */
export async function factsOf(
  deps: EvidenceDeps,
  actor: Actor,
  id: string,
  { from, limit }: { from: number; limit: number },
): Promise<{ facts: Fact[]; total: number }> {
  const { collection } = await showCollection(deps, actor, id);
  return deps.records.transaction(actor.scope, async (tx) => {
    const sizes = await partSizes(tx, id);
    const facts: Fact[] = [];
    let before = 0;
    for (const [part, size] of sizes.entries()) {
      if (before + size > from && facts.length < limit) {
        const [found] = await partsOf(tx, id, part, 1);
        if (found !== undefined) facts.push(...unpack(found).slice(Math.max(0, from - before)));
      }
      before += size;
    }
    return { facts: facts.slice(0, limit), total: collection.facts };
  });
}

/** The file as it was received; that somebody took it is recorded. @throws {NotFound} {RawEvidenceDamaged} */
export async function rawOf(
  deps: EvidenceDeps,
  actor: Actor,
  id: string,
): Promise<{ collection: StoredCollection; bytes: AsyncIterable<Buffer> }> {
  const { collection } = await showCollection(deps, actor, id);
  if (collection.rawBytes === undefined) throw new NotFound('file of the collection', id);
  const found = await openRaw(deps.folder, collection.hash);
  if (found === undefined) throw new RawEvidenceDamaged(id);
  await deps.records.transaction(actor.scope, (tx) =>
    deps.ledger.record(tx, {
      actor,
      action: 'evidence.downloaded',
      subject: `evidence/${id}`,
      tenancy: collection.tenancy,
      facts: { sha256: collection.hash, origin: collection.origin },
    }),
  );
  return { collection, bytes: checked(found, collection) };
}

/** Breaks off at the end when the bytes were not the ones received. */
async function* checked(bytes: AsyncIterable<Buffer>, { id, hash }: Collection): AsyncGenerator<Buffer> {
  const seen = createHash('sha256');
  try {
    for await (const piece of bytes) {
      seen.update(piece);
      yield piece;
    }
  } catch (error) {
    throw new RawEvidenceDamaged(id, error);
  }
  if (seen.digest('hex') !== hash) throw new RawEvidenceDamaged(id);
}

export type KindState = EvidenceKind & {
  readonly inForce: number;
  readonly newest: Date | undefined;
  readonly expiresAt: Date | undefined;
  readonly controls: readonly string[];
};

/** What can be sent, and how old the newest of it is. @throws {NotFound} */
export function listKinds(deps: EvidenceDeps, actor: Actor, environment: string): Promise<KindState[]> {
  return deps.records.transaction(actor.scope, async (tx) => {
    await systemOf(tx, actor.scope, environment);
    const now = deps.clock.now();
    const current = inForce(await collectionsAround(tx, environment, now), deps.kinds, now);
    return deps.kinds.map((kind) => {
      const own = current.filter((one) => one.kind === kind.kind);
      const judging = deps.evaluators.filter(({ kinds }) => kinds.includes(kind.kind));
      return {
        ...kind,
        inForce: own.length,
        newest: own.at(-1)?.collectedAt,
        expiresAt: own.at(-1)?.expiresAt,
        controls: [...new Set(judging.flatMap(({ controls }) => controls))].sort(),
      };
    });
  });
}

const sweepAfterMilliseconds = 24 * 3_600_000;

/** Removes files that an import which died left behind. @returns how many */
export function sweepFiles(deps: Pick<EvidenceDeps, 'records' | 'clock' | 'folder'>): Promise<number> {
  const olderThan = new Date(deps.clock.now().getTime() - sweepAfterMilliseconds);
  return sweepRaw(deps.folder, olderThan, (hashes) =>
    deps.records.transaction(systemAccess('sweep evidence files'), (tx) => knownHashes(tx, hashes)),
  );
}
