import type { Records, Tx } from '#platform/records';
import { type SourceId, sourceId, systemAccess, type TenancyId, tenancyId } from '#platform/scope';
import { latest } from './balance.ts';
import type { Log } from './operator.ts';
import * as store from './store.ts';

export type Silence = {
  readonly source: SourceId;
  readonly tenancy: TenancyId;
  readonly name: string;
  /** Null for a source that never spoke. */
  readonly lastEventAt: Date | null;
  readonly silentAfterSeconds: number;
};

/** What to do about it, in the transaction that notes it. */
export type AlertSilence = {
  raise(tx: Tx, silence: Silence): Promise<void>;
  clear(tx: Tx, silence: Silence): Promise<void>;
};

/** Since when the source is silent; null when it is not, or nobody asked. */
export function silentSince(counted: store.CountedSource, heardAt: Date | undefined, now: Date): Date | null {
  const { source, activeSince } = counted;
  if (source.silentAfterSeconds === null || source.state !== 'active') return null;
  const spoke = latest(counted.lastEventAt, heardAt);
  const due = (latest(spoke, activeSince) ?? activeSince).getTime() + source.silentAfterSeconds * 1000;
  return due <= now.getTime() ? new Date(due) : null;
}

/** Each change of each source in a transaction of its own: one that fails keeps no other from its alert. */
export async function watchSilence(
  deps: { readonly records: Pick<Records, 'transaction'>; readonly silence: AlertSilence; readonly log: Log },
  now: Date,
  heardAt: ReadonlyMap<SourceId, Date>,
): Promise<void> {
  const all = await deps.records.transaction(systemAccess('watch for silent sources'), store.listAll);
  for (const counted of all) {
    const id = sourceId(counted.source.id);
    const since = silentSince(counted, heardAt.get(id), now);
    if ((since === null) === (counted.silentSince === null)) continue;
    const silence: Silence = {
      source: id,
      tenancy: tenancyId(counted.source.tenancy),
      name: counted.source.name,
      lastEventAt: latest(counted.lastEventAt, heardAt.get(id)) ?? null,
      silentAfterSeconds: counted.source.silentAfterSeconds ?? 0,
    };
    try {
      await deps.records.transaction(
        systemAccess('note that a source fell silent, or speaks again'),
        async (tx) => {
          if (!(await store.setSilent(tx, id, since))) return;
          await (since === null ? deps.silence.clear(tx, silence) : deps.silence.raise(tx, silence));
        },
      );
      deps.log.info(
        { source: id, silentSince: since },
        since === null ? 'source speaks again' : 'source fell silent',
      );
    } catch (error) {
      deps.log.error({ source: id, error }, 'the silence of a source could not be noted; it is tried again');
    }
  }
}
