import { assetsOf } from '#assets';
import { askedEvents, type CountedEvents, factOfEvents, hostsOfInventory } from '#essential-eight';
import type { System } from '#governance';
import type { Collector } from '#governance/evidence';
import { systemActor } from '#identity';
import type { Clock } from '#platform/clock';
import type { EventStore } from '#platform/events';
import type { Records } from '#platform/records';
import { type Scope, scopeOf, tenancyId } from '#platform/scope';
import type { Sources } from '#soc/sources';

/** The door took them this long ago: what is still on its way into the store comes with the next look. */
const lagSeconds = 300;
/** Hosts times events times accounts of an hour. More is an error, which the log tells. */
const mostGroups = 200_000;
/** No source has seen it for so long: it is still there, as far as anybody knows. */
const staleMilliseconds = 30 * 86_400_000;

export type EssentialEightSources = {
  readonly records: Records;
  readonly clock: Clock;
  readonly events: Pick<EventStore, 'query'>;
  readonly sources: Pick<Sources, 'list'>;
};

/**
 * Evidence of the Essential Eight that this system holds anyway: Windows events in the event store, and hosts of the asset
 * inventory. Both are the provider's own tenancy's, as the system that is assessed.
 */
export const essentialEightCollectors = (core: EssentialEightSources): Collector[] => [
  {
    kind: 'windows.events',
    source: 'ironbark event store',
    async collect(system, { from, until }) {
      const scope = ownScope(system);
      const all = await core.sources.list(systemActor('evidence', [], scope));
      if (all.length === 0) return undefined;
      // What waits longer than that would be missed: looked at when it has been caught up with.
      if (all.some(({ balance }) => balance.pending > balance.eventsPerSecond * lagSeconds)) return undefined;
      const alive = all.filter(({ state, balance }) => state === 'active' && !balance.silent);
      const counted = await countedEvents(core.events, scope, {
        from: new Date(from.getTime() - lagSeconds * 1000),
        until: new Date(until.getTime() - lagSeconds * 1000),
      });
      return {
        facts: counted.map(factOfEvents),
        population: {
          covered: alive.length,
          of: all.length,
          basis: 'log sources that speak, of those registered',
        },
      };
    },
  },
  {
    kind: 'inventory.hosts',
    source: 'ironbark asset inventory',
    collect: (system) => {
      const scope = ownScope(system);
      return core.records.transaction(scope, async (tx) => {
        const hosts = (await assetsOf(tx, scope)).filter(({ kind, retired }) => kind === 'host' && !retired);
        // An empty inventory says nothing, and above all not that there are no hosts.
        if (hosts.length === 0) return undefined;
        const fresh = core.clock.now().getTime() - staleMilliseconds;
        return hostsOfInventory(
          hosts.map(({ name, fields, exposure, seenAt }) => ({
            name: fields.hostname ?? name,
            os: [fields.os, fields.osVersion].filter(Boolean).join(' ') || undefined,
            exposure,
            stale: seenAt !== null && seenAt.getTime() < fresh,
          })),
        );
      });
    },
  },
];

function ownScope({ tenancy }: System): Scope {
  const scope = scopeOf([tenancyId(tenancy)]);
  if (scope === undefined) throw new Error('a system has a tenancy');
  return scope;
}

type Row = {
  host: string;
  service: string;
  event: string;
  account: string;
  sid: string;
  logon: number;
  said: number;
  count: string;
  first: string;
  last: string;
};

/** By when the door took them, so that what comes late is counted once, whatever its own time is. */
async function countedEvents(
  events: Pick<EventStore, 'query'>,
  scope: Scope,
  { from, until }: { readonly from: Date; readonly until: Date },
): Promise<CountedEvents[]> {
  const wanted = askedEvents.services.map(
    (_, at) => `(logsource_service = {service${at}:String} AND event_code IN {ids${at}:Array(String)})`,
  );
  const byAccount = `event_code IN {logons:Array(String)} AND logon_type_id IN {interactive:Array(UInt8)}`;
  const rows = await events.query<Row>(scope, {
    sql: `SELECT device_hostname AS host, logsource_service AS service, event_code AS event,
        if(${byAccount}, toString(target_user_name), '') AS account, if(${byAccount}, toString(target_user_uid), '') AS sid,
        if(${byAccount}, logon_type_id, 0) AS logon, min(process_cmd_line != '') AS said, toString(count()) AS count,
        toString(toUnixTimestamp64Milli(min(time))) AS first, toString(toUnixTimestamp64Milli(max(time))) AS last
      FROM event
      WHERE tenancy_id IN {scope:Array(String)} AND ingest_time >= fromUnixTimestamp64Milli({from:Int64}, 'UTC')
        AND ingest_time < fromUnixTimestamp64Milli({until:Int64}, 'UTC') AND device_hostname != '' AND product = 'windows'
        AND (${wanted.join(' OR ')})
      GROUP BY host, service, event, account, sid, logon ORDER BY host, service, event, account, sid, logon`,
    params: {
      scope: [...scope.tenancies],
      from: from.getTime(),
      until: until.getTime(),
      logons: askedEvents.logons.map(String),
      interactive: [...askedEvents.interactive],
      ...Object.fromEntries(
        askedEvents.services.flatMap(({ service, ids }, at) => [
          [`service${at}`, service],
          [`ids${at}`, ids.map(String)],
        ]),
      ),
    },
    maxRows: mostGroups,
    maxSeconds: 60,
  });
  return rows.map((row) => ({
    host: row.host,
    service: row.service,
    event: Number(row.event),
    account: row.account === '' ? undefined : row.account,
    sid: row.sid === '' ? undefined : row.sid,
    logonType: Number(row.logon) === 0 ? undefined : Number(row.logon),
    commandLine: Number(row.said) === 1,
    count: Number(row.count),
    first: new Date(Number(row.first)),
    last: new Date(Number(row.last)),
  }));
}
