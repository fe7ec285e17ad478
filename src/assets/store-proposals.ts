import { sql } from 'kysely';
import type { Tx } from '#platform/records';
import type { Scope } from '#platform/scope';

/** A host that events came from; by its tenancy. */
export type SeenHost = {
  readonly tenancy: string;
  readonly hostname: string;
  readonly firstSeenAt: Date;
  readonly lastSeenAt: Date;
  readonly events: number;
};
export type StoredProposal = SeenHost & {
  readonly state: 'proposed' | 'accepted' | 'ignored';
  readonly decidedBy: string | null;
  readonly decidedAt: Date | null;
  readonly why: string | null;
};

export async function proposals(tx: Tx, scope: Scope, state: string | undefined): Promise<StoredProposal[]> {
  const some = state === undefined ? sql`true` : sql`state = ${state}`;
  const { rows } = await sql<StoredProposal>`
    select tenancy_id as tenancy, hostname, first_seen_at as "firstSeenAt", last_seen_at as "lastSeenAt", events, state,
      decided_by as "decidedBy", decided_at as "decidedAt", why
    from assets.proposal where tenancy_id = any(${[...scope.tenancies]}::text[]) and ${some}
    order by last_seen_at desc, hostname limit 2000`.execute(tx);
  return rows;
}

/** New ones are proposed; what was decided stays decided. @returns how many are new, by tenancy */
export async function putSeen(tx: Tx, hosts: readonly SeenHost[]): Promise<Map<string, number>> {
  const added = new Map<string, number>();
  for (let at = 0; at < hosts.length; at += 2000) {
    const part = JSON.stringify(hosts.slice(at, at + 2000));
    const { rows } = await sql<{ tenancy: string; added: boolean }>`
      insert into assets.proposal as p (tenancy_id, hostname, first_seen_at, last_seen_at, events, state)
      select tenancy, hostname, "firstSeenAt", "lastSeenAt", events, 'proposed'
      from jsonb_to_recordset(${part}::text::jsonb) as r(tenancy text, hostname text, "firstSeenAt" timestamptz,
        "lastSeenAt" timestamptz, events bigint)
      on conflict (tenancy_id, hostname) do update
        set first_seen_at = least(p.first_seen_at, excluded.first_seen_at),
          last_seen_at = greatest(p.last_seen_at, excluded.last_seen_at), events = greatest(p.events, excluded.events)
      returning p.tenancy_id as tenancy, (xmax = 0) as added`.execute(tx);
    for (const row of rows) if (row.added) added.set(row.tenancy, (added.get(row.tenancy) ?? 0) + 1);
  }
  return added;
}

/** Those that an import brought into the inventory since. */
export async function dropKnown(tx: Tx, tenancy: string, hostnames: readonly string[]): Promise<void> {
  await sql`delete from assets.proposal where tenancy_id = ${tenancy} and state = 'proposed'
    and hostname = any(${[...hostnames]}::text[])`.execute(tx);
}

export async function proposalsNamed(
  tx: Tx,
  tenancy: string,
  hostnames: readonly string[],
): Promise<StoredProposal[]> {
  const { rows } = await sql<StoredProposal>`
    select tenancy_id as tenancy, hostname, first_seen_at as "firstSeenAt", last_seen_at as "lastSeenAt", events, state,
      decided_by as "decidedBy", decided_at as "decidedAt", why
    from assets.proposal where tenancy_id = ${tenancy} and hostname = any(${[...hostnames]}::text[]) for update`.execute(
    tx,
  );
  return rows;
}

export async function decide(
  tx: Tx,
  one: { tenancy: string; hostname: string },
  decided: { state: 'accepted' | 'ignored'; by: string; at: Date; why: string; asset: string | null },
): Promise<void> {
  await sql`update assets.proposal set state = ${decided.state}, decided_by = ${decided.by}, decided_at = ${decided.at},
    why = ${decided.why}, asset_id = ${decided.asset}
    where tenancy_id = ${one.tenancy} and hostname = ${one.hostname}`.execute(tx);
}
