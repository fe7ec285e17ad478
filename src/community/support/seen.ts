import type { Actor } from '#identity';
import type { Seen } from './contract.ts';
import type { SupportDeps } from './deps.ts';
import { sessions } from './store.ts';
import { playbacks } from './store-recordings.ts';

const limit = 500;
const reads = { alert: 'alerts', event: 'events' } as const;

/**
 * Who looked at what belongs to the tenancies in scope and is not of their organisation: alerts and events that were
 * read, sessions that were live, recordings that were played. Newest first.
 */
export function whoSaw(deps: SupportDeps, actor: Actor): Promise<Seen> {
  const { scope } = actor;
  return deps.records.transaction(scope, async (tx) => {
    const { provider, tenancies } = await deps.directory.facts(tx);
    const owner = new Map(tenancies.map(({ id, organisation }) => [id, organisation]));
    const rows: Seen['seen'] = [];
    const add = (at: Date, row: Omit<Seen['seen'][number], 'at'>): void => {
      if (owner.get(row.tenancy) !== row.organisation) rows.push({ ...row, at: at.toISOString() });
    };
    for (const read of await deps.crossReads(tx, scope, limit))
      add(read.at, {
        tenancy: read.tenancy,
        who: read.actorName,
        organisation: read.organisation,
        what: reads[read.what],
        session: null,
        detail: 'Noted once an hour for each person.',
      });
    for (const session of await sessions(tx, scope, { limit })) {
      if (session.startedAt === null) continue;
      for (const { name } of session.engineers)
        add(session.startedAt, {
          tenancy: session.tenancy,
          who: name,
          organisation: provider?.id ?? '',
          what: 'support-session',
          session: session.id,
          detail: session.reason,
        });
    }
    for (const played of await playbacks(tx, scope, limit))
      add(played.at, {
        tenancy: played.tenancy,
        who: played.actorName,
        organisation: played.organisation,
        what: 'playback',
        session: played.session,
        detail: `Recording ${played.recording}`,
      });
    // ISO 8601 sorts as text.
    rows.sort((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : 0));
    return { seen: rows.slice(0, limit) };
  });
}
