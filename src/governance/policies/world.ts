import {
  appointmentsInForce,
  organisationRecords,
  people,
  type Person,
  personOfUser,
} from '#community/organisations';
import type { Actor } from '#identity';
import { NotAllowed } from '#platform/errors';
import type { Clock } from '#platform/clock';
import type { Ids } from '#platform/ids';
import type { Ledger } from '#ledger';
import type { Records, Tx } from '#platform/records';
import { systemAccess } from '#platform/scope';
import { type Document, type Reader } from './document.ts';
import { type Acknowledgement, type DocumentVersion, type Review } from './document.ts';
import * as store from './store.ts';

export type DocumentsDeps = {
  readonly records: Records;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly ledger: Ledger;
  /** The text of a template by its key; undefined where there is none. */
  readonly template: (key: string) => Promise<string | undefined>;
};

export const access = systemAccess('documents are of the provider as a whole');

/** @throws {NotAllowed}: the provider's own documents are nobody else's to read */
export function mustBeProvider(actor: Actor): void {
  if (!actor.ofProvider) throw new NotAllowed('governance.read');
}

/** Everything that tells who is to read what, loaded once for a look at all documents. */
export type World = {
  readonly documents: readonly Document[];
  readonly versions: ReadonlyMap<string, readonly DocumentVersion[]>;
  readonly reviews: ReadonlyMap<string, readonly Review[]>;
  readonly acknowledgements: ReadonlyMap<string, readonly Acknowledgement[]>;
  /** The provider's people, those who left too. */
  readonly people: readonly Person[];
  /** By office, the people who hold it now. */
  readonly holders: ReadonlyMap<string, ReadonlySet<string>>;
};

/** @param document of this one only */
export async function worldOf(tx: Tx, now: Date, document?: string): Promise<World> {
  const provider = await providerId(tx);
  const all = await store.documents(tx);
  const holders = new Map<string, Set<string>>();
  if (provider !== undefined)
    for (const { office, personId } of await appointmentsInForce(tx, { organisation: provider, at: now }))
      holders.set(office, (holders.get(office) ?? new Set()).add(personId));
  return {
    documents: all.filter(({ id }) => document === undefined || id === document),
    versions: Map.groupBy(await store.versions(tx, document), (one) => one.document),
    reviews: Map.groupBy(await store.reviews(tx, document), (one) => one.document),
    acknowledgements: Map.groupBy(await store.acknowledgements(tx, document), (one) => one.document),
    people: provider === undefined ? [] : await people(tx, provider),
    holders,
  };
}

/** Of the provider's people who are here, those the document is for. */
export function readersOf({ people: all, holders }: World, { audience }: Document, now: Date): Reader[] {
  const named = new Set([
    ...audience.people,
    ...audience.offices.flatMap((office) => [...(holders.get(office) ?? [])]),
  ]);
  return all
    .filter(({ endedAt, startedAt }) => (endedAt === null || endedAt > now) && startedAt <= now)
    .filter(({ id }) => audience.everybody || named.has(id))
    .map(({ id, name, startedAt }) => ({ id, name, since: startedAt }));
}

export async function providerId(tx: Tx): Promise<string | undefined> {
  return (await organisationRecords(tx, undefined)).find(({ kind }) => kind === 'provider')?.id;
}

/** Who of the provider's people asks; undefined for tokens of the machine, for accounts of nobody, and for others' people. */
export async function personAsking(tx: Tx, actor: Actor): Promise<Person | undefined> {
  if (!actor.ofProvider || actor.userId === undefined) return undefined;
  return personOfUser(tx, actor.userId);
}
