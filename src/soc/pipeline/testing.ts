/** The whole way for tests and benchmarks: door, spool, workers, stores, alerts, in a folder that outlives the process. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { systemClock } from '#platform/clock';
import { type EventStore, openEvents } from '#platform/events';
import { systemIds } from '#platform/ids';
import { openRecords, type Records } from '#platform/records';
import { type Scope, scopeOf, sourceId, tenancyId } from '#platform/scope';
import { openSpool, type Spool } from '#platform/spool';
import { type RuleInput, type RuleText, WorkerPool } from '#soc/detect';
import { createDedupe, defaultLimits as doorLimits, type Ingest, openIngest, recheckItem } from '#soc/ingest';
import { createSources, type Sources } from '#soc/sources';
import { createTriage, type DetectionRecord, entitiesOf, type Triage } from '#soc/triage';
import { defaultLimits, type Pipeline, type PipelineOptions, startPipeline } from './pipeline.ts';

export type World = {
  readonly records: Records;
  readonly events: EventStore;
  readonly spool: Spool;
  readonly sources: Sources;
  readonly triage: Triage;
  readonly ingest: Ingest;
  readonly pool: WorkerPool;
  readonly pipeline: Pipeline;
  readonly scope: Scope;
  readonly faults: string[];
  /** Makes the source if it is not there. @returns its token, the first time */
  source(id: string, options?: { format?: string | null; recorded?: boolean }): Promise<string | null>;
  append(source: string, items: readonly string[]): Promise<number>;
  /** Waits until everything of these sources is stored or rejected. */
  settled(...sources: string[]): Promise<void>;
  alerts(): Promise<{ ruleId: string; detections: number }[]>;
  close(): Promise<void>;
};

export type WorldOptions = {
  readonly folder: string;
  readonly rules: readonly RuleText[];
  readonly workers?: number;
  readonly limits?: Partial<PipelineOptions>;
  /** Stands between the pipeline and the event store. */
  readonly wrapEvents?: (events: EventStore) => EventStore;
  /** Hears what is recorded, when its transaction has done so. */
  readonly heard?: (detections: readonly DetectionRecord[]) => void;
  readonly spoolCapBytes?: number;
};

export const ruleInput = (version: string, texts: readonly RuleText[]): RuleInput => ({
  version,
  texts,
  disabled: [],
  exceptions: [],
});

const tenancy = 'acme-odce';

export async function openWorld(options: WorldOptions): Promise<World> {
  const { folder } = options;
  mkdirSync(folder, { recursive: true });
  const clock = systemClock;
  const ids = systemIds(clock);
  const scope = scopeOf([tenancyId(tenancy)]);
  if (scope === undefined) throw new Error('no scope');
  const faults: string[] = [];
  const log = {
    info: () => undefined,
    warn: () => undefined,
    error: (facts: object, message?: string) =>
      void faults.push(`${message ?? ''} ${JSON.stringify(facts, errorText)}`),
  };
  const records = await openRecords({ folder: join(folder, 'records') });
  const opened = await openEvents({ folder: join(folder, 'events') });
  const events = options.wrapEvents?.(opened) ?? opened;
  const spool = await openSpool({ folder: join(folder, 'spool'), capBytes: options.spoolCapBytes ?? 4e9 });
  const nobody = { record: async () => undefined };
  const sources = await createSources({
    records,
    spool,
    clock,
    ids,
    log,
    ledger: nobody,
    silence: { raise: async () => undefined, clear: async () => undefined },
    recheck: recheckItem(doorLimits),
  });
  const triage = await createTriage({
    records,
    clock,
    ids,
    ledger: nobody,
    assignee: async () => undefined,
    owner: () => 'acme',
    isDemo: () => false,
    failed: (error) => void faults.push(String(error)),
  });
  const rules = ruleInput('1', options.rules);
  const mapsFolder = fileURLToPath(new URL('../../../content/normalise', import.meta.url));
  const pool = await WorkerPool.open({ workers: options.workers ?? 1, mapsFolder, rules });
  const pipeline = await startPipeline(
    {
      spool,
      records,
      events,
      pool,
      clock,
      log,
      entities: entitiesOf,
      sourceFacts: (id) => {
        const known = sources.byId(id);
        return known === undefined
          ? undefined
          : { tenancy: known.tenancy, format: known.format, recorded: known.recorded };
      },
      record: async (tx, detections) => {
        await triage.record(tx, detections);
        options.heard?.(detections);
      },
      count: (tx, deltas, rejections) => sources.count(tx, deltas, rejections),
      alerted: () => undefined,
    },
    { ...defaultLimits, rules, drainMilliseconds: 20_000, ...options.limits },
  );
  const ingest = await openIngest({
    spool,
    sources,
    dedupe: createDedupe(),
    clock,
    log,
    doors: [{ id: 'bulk', kind: 'bulk', host: '127.0.0.1', port: 0 }],
  });
  const operator = { id: 'jo', kind: 'user', name: 'Jo', organisation: 'acme', scope } as const;
  return {
    records,
    events,
    spool,
    sources,
    triage,
    ingest,
    pool,
    pipeline,
    scope,
    faults,
    source: async (id, { format = null, recorded = false } = {}) => {
      if (sources.byId(sourceId(id)) !== undefined) return null;
      const { secret } = await sources.create(operator, {
        id,
        name: id,
        tenancy,
        authentication: { kind: 'token' },
        format,
        recorded,
      });
      return secret;
    },
    append: (id, items) =>
      spool.append({
        source: sourceId(id),
        wire: 'json',
        peer: '127.0.0.1',
        receivedAt: clock.now(),
        items: items.map((item) => Buffer.from(item)),
        clientIds: items.map(() => ''),
      }),
    settled: async (...names) => {
      for (const id of names) {
        for (;;) {
          const { balance } = await sources.one(operator, id);
          if (balance.pending === 0) break;
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
      }
    },
    alerts: async () => {
      const { alerts } = await triage.list(operator, {}, { limit: 1000 });
      return alerts.map(({ ruleId, detections }) => ({ ruleId, detections }));
    },
    close: async () => {
      await ingest.close();
      await pipeline.stop();
      await pool.close();
      await triage.close();
      await sources.close();
      await spool.close();
      await events.close();
      await records.close();
    },
  };
}

const errorText = (_key: string, value: unknown): unknown =>
  value instanceof Error
    ? `${value.name}: ${value.message}${value.cause instanceof Error ? ` (${value.cause.message})` : ''}`
    : value;

/** Every stored row's sequence of a source, in order: doubles show. */
export async function storedSequencesOf(
  { events }: Pick<World, 'events'>,
  source: string,
): Promise<number[]> {
  const rows = await events.systemQuery<{ sequence: number | string }>({
    sql: 'select source_sequence as sequence from event where source_id = {source:String} order by source_sequence',
    params: { source },
    maxRows: 5_000_000,
    maxSeconds: 60,
  });
  return rows.map((row) => Number(row.sequence));
}
