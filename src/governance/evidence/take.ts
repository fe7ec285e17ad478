import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { governanceChanged, type System, systemOf } from '#governance';
import type { Actor } from '#identity';
import type { Json } from '#ledger';
import type { Tx } from '#platform/records';
import type { ImportReport } from './contract.ts';
import { byOf, type EvidenceDeps } from './deps.ts';
import type { Population } from './evaluator.ts';
import type { Gathered } from './gather.ts';
import type { Part } from './pack.ts';
import { receive } from './raw.ts';
import { readFile, type Stated } from './read-file.ts';
import { collectionOfIdentity, insertCollection, insertParts, type StoredCollection } from './store.ts';

export type Taken = {
  readonly collection: StoredCollection;
  /** All of it is recorded now, by this call. */
  readonly applied: boolean;
  /** It was there already. */
  readonly known: boolean;
  readonly refused: string | undefined;
  readonly gathered: Gathered;
  readonly report: ImportReport;
};

/** A smaller file is read sooner than a thread starts. */
const readHereBytes = 1024 * 1024;
/**
 * Takes a file of evidence: all of its facts with what is known about them, or nothing.
 * @throws {EvidenceRefused} {EvidenceFromFuture} {NotFound}
 */
export async function takeFile(
  deps: EvidenceDeps,
  actor: Actor,
  stated: Stated,
  body: Readable,
): Promise<Taken> {
  // Before a byte is read: whoever may not send here is told so at once.
  const system = await deps.records.transaction(actor.scope, (tx) =>
    systemOf(tx, actor.scope, stated.environment),
  );
  const received = await receive(deps.folder, body);
  try {
    const now = deps.clock.now();
    const read =
      received.bytes > readHereBytes && deps.readApart !== undefined
        ? await deps.readApart({ path: received.path, stated, now })
        : await readFile(deps, stated, now, received.open);
    const { about, refused, report, gathered, importer } = read;
    const wanted = !stated.dryRun && refused === undefined;
    // Kept before it is recorded: a collection always has its file, a file that nobody recorded is swept.
    if (wanted) await received.keep();
    return await deps.records.transaction(actor.scope, async (tx) => {
      const collection: StoredCollection = {
        id: deps.ids.uuid(),
        environment: system.environment,
        tenancy: system.tenancy,
        origin: stated.name,
        importer,
        identity: identityOf(about.kind, about.source, received.hash, about.statedAt),
        hash: received.hash,
        rawBytes: received.bytes,
        receivedAt: now,
        facts: gathered.facts,
        packedBytes: gathered.packedBytes,
        by: byOf(actor),
        report,
        kind: about.kind,
        source: about.source,
        collectedAt: about.collectedAt,
        expiresAt: about.expiresAt,
        ceiling: about.ceiling,
        population: await withInventory(deps, tx, system, about.population),
      };
      const outcome = { gathered, report, refused };
      const known = () => collectionOfIdentity(tx, system.environment, collection.identity);
      const before = await known();
      if (before !== undefined) return { ...outcome, collection: before, applied: false, known: true };
      if (!wanted) return { ...outcome, collection, applied: false, known: false };
      if (await put(deps, tx, collection, gathered.parts))
        return { ...outcome, collection, applied: true, known: false };
      // Somebody else recorded the same content a moment ago.
      return { ...outcome, collection: (await known()) ?? collection, applied: false, known: true };
    });
  } finally {
    await received.drop();
  }
}

/** How many there are, the inventory says where it can: nobody's own word on how complete they are counts more. */
async function withInventory(
  deps: Pick<EvidenceDeps, 'inventoryOf'>,
  tx: Tx,
  { environment }: System,
  { covered, of, basis }: Population,
): Promise<Population> {
  const counted = await deps.inventoryOf(tx, environment, basis);
  if (counted !== undefined) return { covered, of: counted, basis: `${basis}, of the asset inventory` };
  return { covered, of, basis: of === undefined ? basis : `${basis}, as stated by the sender` };
}

/** @returns false when somebody else recorded the same content a moment ago */
export async function put(
  deps: Pick<EvidenceDeps, 'ledger'>,
  tx: Tx,
  collection: StoredCollection,
  parts: readonly Part[],
): Promise<boolean> {
  if (!(await insertCollection(tx, collection))) return false;
  await insertParts(tx, collection, parts);
  const { environment, population } = collection;
  await deps.ledger.record(tx, {
    actor: collection.by,
    action: 'evidence.collected',
    subject: `evidence/${collection.id}`,
    tenancy: collection.tenancy,
    facts: {
      environment,
      kind: collection.kind,
      source: collection.source,
      origin: collection.origin,
      sha256: collection.hash,
      collectedAt: collection.collectedAt.toISOString(),
      expiresAt: collection.expiresAt.toISOString(),
      facts: collection.facts,
      covered: population.covered,
      of: population.of ?? null,
      ceiling: collection.ceiling,
    },
  });
  await governanceChanged(tx, { environment, what: 'evidence', now: collection.receivedAt });
  return true;
}

/**
 * The same bytes, about the same, of the same moment, are the same collection. Where nobody said when it was collected,
 * sending it again adds nothing: a retry is no news.
 */
export function identityOf(kind: string, source: string, hash: string, statedAt: Date | undefined): string {
  const parts: Json = [kind, source, hash, statedAt?.toISOString() ?? null];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}
