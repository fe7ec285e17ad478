import type { EventStore } from '#platform/events';

/** Ids that producers gave to events received since then, newest first. */
export function recentClientIds(
  events: Pick<EventStore, 'systemQuery'>,
  since: Date,
  limit: number,
): Promise<{ source: string; id: string }[]> {
  return events.systemQuery<{ source: string; id: string }>({
    sql: `select source_id as source, client_id as id from event
      where ingest_time >= fromUnixTimestamp64Milli({since:Int64}) and client_id != ''
      order by ingest_time desc limit {limit:UInt32}`,
    params: { since: since.getTime(), limit },
    maxRows: limit,
    maxSeconds: 60,
  });
}
