import {
  type Collection,
  collectionsAround,
  type Finding,
  findings,
  newestNotes,
} from '#governance/evidence';
import { entryIdsOf } from '#ledger';
import type { StateSources } from './gather.ts';
import type { CollectionState, FindingState } from './state.ts';

/** The evidence that is in force or was the last of its source, with the ledger entries that recorded it, and findings. */
export const evidenceFrom: StateSources['evidence'] = async (tx, { environment }, now) => {
  const collections = await collectionsAround(tx, environment, now);
  const entries = await entryIdsOf(
    tx,
    'evidence.collected',
    collections.map(({ id }) => `evidence/${id}`),
  );
  const notes = await newestNotes(tx, environment);
  return {
    collections: collections
      .map((one) => collectionOf(one, entries.get(`evidence/${one.id}`) ?? null))
      .sort((a, b) =>
        a.kind === b.kind ? a.collectedAt.getTime() - b.collectedAt.getTime() : a.kind < b.kind ? -1 : 1,
      ),
    findings: (await findings(tx, environment, 'all')).map((one) => findingOf(one, notes.get(one.id) ?? '')),
  };
};

const collectionOf = (one: Collection, ledgerId: string | null): CollectionState => ({
  id: one.id,
  kind: one.kind,
  source: one.source,
  origin: one.origin,
  collectedAt: one.collectedAt,
  expiresAt: one.expiresAt,
  population: { ...one.population, of: one.population.of ?? null },
  facts: one.facts,
  hash: one.hash,
  ceiling: one.ceiling,
  ledgerId,
});

const findingOf = (one: Finding, plan: string): FindingState => ({
  id: one.id,
  control: one.control,
  title: one.origin === 'drift' ? 'It was met, and is not any more' : 'Evidence shows that it is not met',
  detail: one.because,
  severity: null,
  openedAt: one.openedAt,
  due: one.dueAt,
  owner: one.owner?.name ?? null,
  plan,
  state: one.closedAt !== undefined ? 'closed' : one.accepted !== undefined ? 'accepted' : 'open',
  closedAt: one.closedAt ?? null,
  collections: [],
});
