import type { Tx } from '#platform/records';
import type { ChangeClass } from './contract.ts';
import type { AgreementEvent, AgreementFacts, PublishedVersion } from './state.ts';

type EventTable = {
  sequence: number;
  organisation_id: string;
  environment_id: string;
  kind: AgreementEvent['kind'];
  at: Date;
  version: number | null;
  effective_at: Date | null;
  reason: string | null;
  by_id: string;
  by_name: string;
};
type VersionTable = {
  number: number;
  change_class: ChangeClass;
  published_at: Date | null;
  effective_at: Date | null;
  mandatory_at: Date | null;
  state: 'draft' | 'approved' | 'published';
};
type StandingTable = { one: boolean; revision: number; seen_until: Date };

const tables = (tx: Tx) =>
  tx.withTables<{
    'community.agreement_event': EventTable;
    'community.policy_version': VersionTable;
    'community.agreement_standing': StandingTable;
  }>();

export async function publishedVersions(tx: Tx): Promise<PublishedVersion[]> {
  const rows = await tables(tx)
    .selectFrom('community.policy_version')
    .select(['number', 'change_class', 'published_at', 'effective_at', 'mandatory_at'])
    .where('state', '=', 'published')
    .orderBy('number')
    .execute();
  return rows.flatMap(({ number, change_class, published_at, effective_at, mandatory_at }) =>
    published_at === null || effective_at === null
      ? []
      : [
          {
            number,
            changeClass: change_class,
            publishedAt: published_at,
            effectiveAt: effective_at,
            mandatoryAt: mandatory_at,
          },
        ],
  );
}

export type Place = { readonly organisation: string; readonly environment: string };
export type StoredEvent = AgreementEvent & Place & { readonly by: { id: string; name: string } };

/** @param place left out: of the whole community */
export async function agreementEvents(tx: Tx, place?: Place): Promise<StoredEvent[]> {
  let query = tables(tx).selectFrom('community.agreement_event').selectAll().orderBy('sequence');
  if (place !== undefined)
    query = query
      .where('organisation_id', '=', place.organisation)
      .where('environment_id', '=', place.environment);
  return (await query.execute()).map(eventOf);
}

/** Where anything ever happened. */
export const places = (tx: Tx): Promise<Place[]> =>
  tables(tx)
    .selectFrom('community.agreement_event')
    .select(['organisation_id as organisation', 'environment_id as environment'])
    .distinct()
    .execute();

function eventOf(row: EventTable): StoredEvent {
  const about = {
    organisation: row.organisation_id,
    environment: row.environment_id,
    at: row.at,
    by: { id: row.by_id, name: row.by_name },
  };
  switch (row.kind) {
    case 'accepted':
      return { ...about, kind: row.kind, version: row.version ?? 0 };
    case 'withdrawn':
      return { ...about, kind: row.kind, effectiveAt: row.effective_at ?? row.at };
    case 'suspended':
      return { ...about, kind: row.kind, reason: row.reason ?? '' };
    default:
      return { ...about, kind: row.kind };
  }
}

/** Undefined for an environment that is not there. */
export async function markingOf(tx: Tx, environment: string): Promise<string | undefined> {
  const row = await tx
    .withTables<{ 'community.environment': { id: string; marking: string } }>()
    .selectFrom('community.environment')
    .select('marking')
    .where('id', '=', environment)
    .executeTakeFirst();
  return row?.marking;
}

/** Counts up with every change; `seenUntil` is the latest time that any of them was recorded at. */
export async function standing(tx: Tx): Promise<{ revision: number; seenUntil: Date }> {
  const row = await tables(tx)
    .selectFrom('community.agreement_standing')
    .select(['revision', 'seen_until'])
    .executeTakeFirstOrThrow();
  return { revision: row.revision, seenUntil: row.seen_until };
}

export async function factsOf(tx: Tx, place: Place): Promise<AgreementFacts> {
  return {
    events: await agreementEvents(tx, place),
    versions: await publishedVersions(tx),
    seenUntil: (await standing(tx)).seenUntil,
  };
}
