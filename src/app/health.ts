import { statfs } from 'node:fs/promises';
import { sourceId, systemAccess } from '#platform/scope';
import type { Health } from './contract.ts';
import type { Core } from './core.ts';
import type { Watch } from './watch.ts';

type Part = Health['parts'][number];
type State = Part['state'];

const order: readonly State[] = ['healthy', 'unknown', 'degraded', 'failing'];
const worst = (states: readonly State[]): State =>
  states.reduce<State>(
    (worstYet, state) => (order.indexOf(state) > order.indexOf(worstYet) ? state : worstYet),
    'healthy',
  );

/** How the parts are, asked now; what can't be asked is unknown or failing, never healthy. */
export async function healthOf(core: Core, watch: Watch, startedAt: Date): Promise<Health> {
  const { clock, records, config } = core;
  const measuredAt = clock.now().toISOString();
  const part = (name: string, state: State, detail: string): Part => ({ name, state, detail, measuredAt });
  const { spool, events, pipeline, ingest } = watch;
  const status = pipeline.status();

  const evicted = status.correlations.evictedGroups + status.correlations.evictedEntries;

  const answers = await records.transaction(systemAccess('health'), async () => true).catch(() => false);
  const stored = await storedIn(events);
  const ledger = await core.runner.status().catch(() => undefined);
  const disk = await statfs(core.data).catch(() => undefined);
  const diskFreeBytes = disk === undefined ? 0 : Number(disk.bavail) * Number(disk.bsize);
  const full = spool.sizeBytes / spool.capBytes;
  const doors = await ingest.stats();
  const dropped = doors.doors.reduce((sum, door) => sum + (door.kernelDrops ?? 0), 0);

  const parts = [
    part(
      'Records',
      answers ? 'healthy' : 'failing',
      answers ? `${records.engine} answers` : `${records.engine} does not answer`,
    ),
    part(
      'Event store',
      stored === undefined ? 'failing' : 'healthy',
      stored === undefined
        ? `${events.engine} does not answer; the spool keeps what comes in`
        : `${events.engine} answers`,
    ),
    part(
      'Pipeline',
      status.waitingFor === null ? 'healthy' : 'degraded',
      status.waitingFor === null ? 'flows' : `waits for ${status.waitingFor}`,
    ),
    part(
      'Rules',
      pipeline.rules().facts.length > 0 ? 'healthy' : 'degraded',
      `${pipeline.rules().facts.length} active, ${pipeline.rules().rejected} rejected`,
    ),
    part(
      'Correlations',
      evicted === 0 ? 'healthy' : 'degraded',
      `${status.correlations.groups} groups kept, ${evicted} given up for their bounds`,
    ),
    part(
      'Spool',
      full < 0.5 ? 'healthy' : full < 0.95 ? 'degraded' : 'failing',
      `${Math.round(full * 100)} % of its cap in use`,
    ),
    part(
      'Disk',
      disk === undefined ? 'unknown' : diskFreeBytes > config.spoolCap ? 'healthy' : 'degraded',
      disk === undefined ? 'the free space could not be read' : "free space against the spool's cap",
    ),
    part(
      'Doors',
      dropped > 0 ? 'degraded' : 'healthy',
      dropped > 0
        ? `${dropped} UDP packets were dropped by the kernel before they reached us`
        : `${doors.doors.length} open`,
    ),
    part('Ledger', ledger?.state ?? 'unknown', ledger?.detail ?? 'its state could not be read'),
  ];
  return {
    version: core.version,
    startedAt: startedAt.toISOString(),
    overall: worst(parts.map(({ state }) => state)),
    parts,
    pipeline: {
      eventsPerSecond: status.eventsPerSecond,
      pendingEvents: await pendingEvents(watch),
      ingestToAlertMilliseconds: status.ingestToAlertMilliseconds,
    },
    storage: {
      spoolBytes: spool.sizeBytes,
      spoolCapBytes: spool.capBytes,
      diskFreeBytes,
      events: stored?.events ?? null,
      bytesPerEvent: stored !== undefined && stored.events > 0 ? stored.bytes / stored.events : null,
    },
  };
}

/** Acknowledged, and neither stored nor rejected yet. */
async function pendingEvents({ sources, spool }: Watch): Promise<number> {
  let pending = 0;
  for (const [source, processed] of await sources.processed())
    pending += Math.max(0, spool.lastSequence(sourceId(source)) - processed);
  return pending;
}

type Stored = { events: number; bytes: number };

async function storedIn(events: Watch['events']): Promise<Stored | undefined> {
  try {
    return await events.size();
  } catch {
    return undefined;
  }
}
