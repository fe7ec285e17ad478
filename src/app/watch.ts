import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { directory, watchCommunity } from '#community';
import { mayWorkOn, systemActor, whoMayWork } from '#identity';
import { type Content, readPack } from '#platform/content';
import { columns, type EventStore, openEvents } from '#platform/events';
import { systemAccess } from '#platform/scope';
import { openSpool, type Spool } from '#platform/spool';
import { createRules, LookCosts, type Rules, ruleRoutes, streamPipelines, WorkerPool } from '#soc/detect';
import {
  createDedupe,
  defaultLimits as doorLimits,
  type Ingest,
  openIngest,
  recheckItem,
  rememberEvents,
  rememberSpool,
} from '#soc/ingest';
import { defaultLimits, type Pipeline, startPipeline } from '#soc/pipeline';
import { catalogueOf, type SearchDeps, searchRoutes } from '#soc/search';
import { createSources, sourceRoutes, type Sources } from '#soc/sources';
import { createTriage, entitiesOf, alertRoutes, type Triage } from '#soc/triage';
import { alertLatency } from './alert-latency.ts';
import { doorsOf } from './doors.ts';
import { placesIn } from './folder.ts';
import type { Core } from './core.ts';
import { keepRules } from './keep-rules.ts';

/** The watch: from the doors to the queue. */
export type Watch = {
  readonly spool: Spool;
  readonly events: EventStore;
  readonly sources: Sources;
  readonly rules: Rules;
  readonly triage: Triage;
  readonly pipeline: Pipeline;
  readonly ingest: Ingest;
};

const drainMilliseconds = 20_000;
/** Ids of events that came in this long before a start are known again. */
const rememberedMilliseconds = 15 * 60_000;

/** Opens everything between a shipper and an analyst, in the order of the data; what is opened later closes earlier. */
export async function addWatch(core: Core, content: Content): Promise<Watch> {
  const { config, clock, ids, ledger, records, log, opened } = core;
  const failed = (error: unknown): void => log.error({ err: error }, 'behind the scenes, something failed');
  const community = opened.keep(await watchCommunity(records, failed), (part) => part.close());
  const events = opened.keep(
    await openEvents(
      config.clickhouseUrl
        ? { url: config.clickhouseUrl }
        : { folder: placesIn(core.data).events, log: (message) => log.warn({ message }, 'event store') },
    ),
    (part) => part.close(),
  );
  log.info({ engine: events.engine }, 'event store opened');
  const triage = opened.keep(
    await createTriage({
      records,
      clock,
      ids,
      ledger,
      assignee: (tx, id, tenancy) => mayWorkOn(tx, directory, id, tenancy),
      owner: (id) => community.current().tenancies.find((tenancy) => tenancy.id === id)?.organisation,
      isDemo: () => community.current().demo,
      failed,
    }),
    (part) => part.close(),
  );
  const intake = await openIntake(core, triage);
  log.info({ spoolBytes: intake.spool.sizeBytes }, 'spool opened');
  const costs = new LookCosts();
  const rules = createRules({ records, clock, ids, ledger, costs });
  await importOwnRules(core, content);
  const pipeline = await openPipeline(core, { ...intake, events, triage, rules }, costs);
  log.info({ rules: pipeline.rules().facts.length }, 'pipeline opened');
  const ingest = await openDoors(core, { ...intake, events });
  const watch = { ...intake, events, rules, triage, pipeline, ingest };
  await addRoutes(core, watch);
  return watch;
}

/** Sources number their items in the spool, and the spool asks the sources which numbers are used. */
async function openIntake(core: Core, triage: Triage): Promise<{ spool: Spool; sources: Sources }> {
  const { config, clock, ids, ledger, records, log, opened } = core;
  let spool: Spool | undefined;
  const spoolOpened = (): Spool => {
    if (spool === undefined) throw new Error('the spool is not open yet');
    return spool;
  };
  const sources = await createSources({
    records,
    spool: {
      append: (frame) => spoolOpened().append(frame),
      lastSequence: (source) => spoolOpened().lastSequence(source),
    },
    clock,
    ids,
    ledger,
    log,
    silence: {
      raise: async (tx, { tenancy, source, name, lastEventAt, silentAfterSeconds }) => {
        await triage.raiseSystemAlert(tx, {
          tenancy,
          kind: 'source-silent',
          title: `Source silent: ${name}`,
          severity: 'low',
          entity: { kind: 'source', value: source },
          description: `Nothing came from ${name} for ${silentAfterSeconds} s (last: ${lastEventAt?.toISOString() ?? 'never'}). Check the shipper and the way to this system.`,
        });
      },
      // The alert stays until a person closes it: that the source speaks again does not tell why it was silent.
      clear: async () => undefined,
    },
    recheck: recheckItem(doorLimits),
  });
  spool = await openSpool({
    folder: placesIn(core.data).spool,
    capBytes: config.spoolCap,
    atLeast: await sources.processed(),
    onDamage: (damage) =>
      log.error({ damage }, 'part of the spool can not be read; its bytes are in quarantine'),
  });
  opened.keep(spool, (part) => part.close());
  opened.keep(sources, (part) => part.close());
  return { spool, sources };
}

async function openPipeline(
  core: Core,
  { spool, sources, events, triage, rules }: Omit<Watch, 'pipeline' | 'ingest'>,
  costs: LookCosts,
): Promise<Pipeline> {
  const { config, clock, records, log, opened } = core;
  const running = await rules.running();
  const workers = config.workers ?? Math.max(1, availableParallelism() - 1);
  const pool = opened.keep(
    await WorkerPool.open({
      workers,
      mapsFolder: join(core.root, 'content', 'normalise'),
      rules: running,
      pipelines: streamPipelines(core.root),
      costs,
    }),
    (part) => part.close(),
  );
  const pipeline = opened.keep(
    await startPipeline(
      {
        spool,
        records,
        events,
        pool,
        clock,
        log,
        sourceFacts: (id) => {
          const known = sources.byId(id);
          return known && { tenancy: known.tenancy, format: known.format, recorded: known.recorded };
        },
        entities: entitiesOf,
        record: (tx, detections) => triage.record(tx, detections),
        count: (tx, deltas, rejections) => sources.count(tx, deltas, rejections),
        alerted: alertLatency(core.metrics),
      },
      { ...defaultLimits, rules: running, drainMilliseconds },
    ),
    (part) => part.stop(),
  );
  // A fault of the pipeline's own: nothing more would be stored. The program ends, to be started again where it stopped.
  pipeline.ended.catch((error: unknown) => core.fatal(error));
  opened.keep(await keepRules({ rules, pipeline, log }), (stop) => stop());
  return pipeline;
}

async function openDoors(
  core: Core,
  { spool, sources, events }: Pick<Watch, 'spool' | 'sources' | 'events'>,
): Promise<Ingest> {
  const { clock, log, opened } = core;
  const dedupe = createDedupe();
  await rememberEvents(dedupe, events, new Date(clock.now().getTime() - rememberedMilliseconds));
  await rememberSpool(dedupe, spool);
  const ingest = opened.keep(
    await openIngest({ spool, sources, dedupe, clock, log, doors: doorsOf(core) }),
    (part) => part.close(),
  );
  sources.start();
  return ingest;
}

async function addRoutes(core: Core, { sources, ingest, triage, events, rules }: Watch): Promise<void> {
  const { http, records, clock } = core;
  const { streams } = http;
  const noteReadsOf: SearchDeps['noteReads'] = (actor, tenancies) =>
    noteReads(core, triage, actor, tenancies);
  const search = { events, catalogue: catalogueOf(columns), clock, noteReads: noteReadsOf };
  await http.add(sourceRoutes({ sources, doors: () => ingest.doors.map((door) => ({ ...door })) }));
  await http.add(
    alertRoutes({
      triage,
      streams,
      assignees: (scope) =>
        records.transaction(systemAccess('who may work on alerts'), (tx) => whoMayWork(tx, directory, scope)),
    }),
  );
  await http.add(searchRoutes({ search, streams }));
  await http.add(ruleRoutes({ rules }));
}

type Reader = Parameters<Triage['crossReads']['note']>[1];

/** Only when there is something to note: most searches open no transaction for it. */
async function noteReads(
  core: Core,
  triage: Triage,
  actor: Reader,
  tenancies: readonly string[],
): Promise<void> {
  if (triage.crossReads.missing(actor, tenancies, 'event').length === 0) return;
  await core.records.transaction(actor.scope, (tx) => triage.crossReads.note(tx, actor, tenancies, 'event'));
}

/** The rules that come with this version are a pack like any other; the same content again changes nothing. */
async function importOwnRules(core: Core, content: Content): Promise<void> {
  const name = 'ironbark-core';
  const actor = systemActor('own rules', ['rule.manage'], undefined);
  await content.bring(actor, {
    kind: 'rules',
    name,
    version: core.version,
    content: await readPack(join(core.root, 'content', 'rules', name)),
  });
}
