import { type AssetDeps, assetRoutes, type HostsSeen, inventoryCount, proposeHosts } from '#assets';
import { directory } from '#community';
import { governanceChanged } from '#governance';
import type { EventStore } from '#platform/events';
import type { Tx } from '#platform/records';
import { scopeOf, tenancyId } from '#platform/scope';
import { startChores } from './chores.ts';
import type { Core } from './core.ts';

/** The inventory, and the hosts that events tell of beside it. */
export async function addAssets(core: Core, events: EventStore): Promise<AssetDeps> {
  const deps: AssetDeps = {
    ...core,
    onChange: (tx, { environment, now }) => governanceChanged(tx, { environment, what: 'assets', now }),
  };
  await core.http.add(assetRoutes(deps));
  await startChores(core, {
    'assets.propose': { everySeconds: 300, run: () => proposeHosts(deps, hostsSeen(events)) },
  });
  return deps;
}

const kindOf: Readonly<Record<string, string>> = {
  hosts: 'host',
  hypervisors: 'hypervisor',
  networks: 'network',
  applications: 'application',
  accounts: 'account',
  suppliers: 'supplier',
};

/**
 * How many the provider's own inventory of an environment holds, retired ones left out. Undefined for what it does not count,
 * and where it holds none: an empty inventory says nothing.
 */
export async function inventoryOf(
  { clock }: Pick<Core, 'clock'>,
  tx: Tx,
  environment: string,
  basis: string,
): Promise<number | undefined> {
  const { tenancies } = await directory.facts(tx);
  const own = tenancies.filter((one) => one.internal && one.environment === environment);
  const scope = scopeOf(own.map(({ id }) => tenancyId(id)));
  if (scope === undefined || !Object.hasOwn(kindOf, basis)) return undefined;
  const counts = (await inventoryCount(tx, scope, { now: clock.now() })).filter(
    ({ kind }) => kind === kindOf[basis],
  );
  const sum = counts.reduce((all, { active, stale }) => all + active + stale, 0);
  return sum === 0 ? undefined : sum;
}

type Row = { tenancy: string; hostname: string; first: string; last: string; events: string };
const most = 20_000;

/** The hosts of the last day's events, of all tenancies. */
const hostsSeen =
  (events: EventStore): HostsSeen =>
  async () => {
    const rows = await events.systemQuery<Row>({
      sql: `select tenancy_id as tenancy, device_hostname as hostname, toString(toUnixTimestamp(min(time))) as first,
          toString(toUnixTimestamp(max(time))) as last, toString(count()) as events
        from event where time > now() - interval 1 day and time < now() + interval 1 hour and device_hostname != ''
        group by tenancy, hostname order by events desc limit ${most}`,
      params: {},
      maxRows: most,
      maxSeconds: 60,
    });
    return rows.map((row) => ({
      tenancy: row.tenancy,
      hostname: row.hostname,
      firstSeenAt: new Date(Number(row.first) * 1000),
      lastSeenAt: new Date(Number(row.last) * 1000),
      events: Number(row.events),
    }));
  };
