import type { Records } from '#platform/records';
import { covers, type Scope, systemAccess, tenancyId } from '#platform/scope';
import type { AlertStreamItem } from './contract.ts';
import { alertChannel } from './record.ts';
import * as store from './store.ts';

/** One listener: what it may see, and where items go. `id` is where to go on from. */
export type Listener = { readonly scope: Scope; readonly hear: (item: AlertStreamItem, id: string) => void };

export type AlertHub = {
  /**
   * @param lastId of the stream this one goes on from: what changed since comes first
   * @returns stop
   */
  listen(listener: Listener, lastId: string | undefined): Promise<() => void>;
  close(): Promise<void>;
};

/** A transaction that took its numbers earlier may commit later: going on reaches back this far, and doubles are harmless. */
const overlap = 500;
const mostAtOnce = 1000;
/** Who was away for longer loads the list anew. */
const mostPages = 10;

/**
 * Reads every committed change once per process and hands it to the listeners whose scope covers it.
 * @param failed told when changes could not be read; listeners then get them by coming back with their last id
 */
export async function alertHub(
  records: Pick<Records, 'transaction' | 'onChange'>,
  failed: (error: unknown) => void,
): Promise<AlertHub> {
  const listeners = new Set<Listener>();
  let reading: Promise<void> = Promise.resolve();

  const tell = (alerts: readonly store.StoredAlert[], to: Iterable<Listener>): void => {
    for (const alert of alerts) {
      const item: AlertStreamItem = { kind: alert.untouched ? 'new' : 'changed', alert: alert.summary };
      for (const listener of to) {
        if (covers(listener.scope, tenancyId(alert.summary.tenancy)))
          listener.hear(item, String(alert.changeNumber));
      }
    }
  };

  const stop = await records.onChange(alertChannel, (payload) => {
    const [low, high] = payload.split(' ').map(Number);
    if (listeners.size === 0 || low === undefined || high === undefined) return;
    reading = reading
      .then(async () => {
        const alerts = await records.transaction(
          systemAccess('alerts to live streams, each by its scope'),
          (tx) => store.changedBetween(tx, low, high, mostAtOnce),
        );
        tell(alerts, listeners);
      })
      .catch(failed);
  });

  return {
    async listen(listener, lastId) {
      listeners.add(listener);
      if (lastId !== undefined && /^\d{1,15}$/.test(lastId)) {
        let after = Math.max(0, Number(lastId) - overlap);
        for (let pages = 0; pages < mostPages; pages++) {
          const missed = await records.transaction(listener.scope, (tx) =>
            store.changedSince(tx, listener.scope, after, mostAtOnce),
          );
          tell(missed, [listener]);
          after = missed.at(-1)?.changeNumber ?? after;
          if (missed.length < mostAtOnce) break;
        }
      }
      return () => listeners.delete(listener);
    },
    async close() {
      listeners.clear();
      await stop();
      await reading;
    },
  };
}
