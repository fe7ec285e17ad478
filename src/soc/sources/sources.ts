import type { Clock } from '#platform/clock';
import { Invalid, NotFound } from '#platform/errors';
import type { Ids } from '#platform/ids';
import type { Records, Tx } from '#platform/records';
import { covers, isId, type SourceId, sourceId, systemAccess, tenancyId } from '#platform/scope';
import type { Spool } from '#platform/spool';
import type { z } from 'zod';
import { balanceOf, type Balanced } from './balance.ts';
import type {
  newSource,
  RejectedItem,
  Source,
  sourceChange,
  SourceCreated,
  SourceWithBalance,
} from './contract.ts';
import type { Rejection, SourceDelta } from './counting.ts';
import { type Credential, type Directory, directoryOf, hashSecret, type KnownSource } from './directory.ts';
import { SourceHasNoSecret, SourceTaken } from './errors.ts';
import { parseNetwork } from './network.ts';
import type { Log, Operator, Recorder } from './operator.ts';
import { type Recheck, replay } from './replay.ts';
import { type AlertSilence, watchSilence } from './silence.ts';
import * as store from './store.ts';
import * as countStore from './store-counts.ts';
import { type DoorNote, rates, tally } from './tally.ts';

export type SourcesDeps = {
  readonly records: Pick<Records, 'transaction' | 'onChange' | 'notify'>;
  readonly spool: Pick<Spool, 'append' | 'lastSequence'>;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly ledger: Recorder;
  readonly log: Log;
  /** Raises or clears the alert that a source fell silent, in the same transaction. */
  readonly silence: AlertSilence;
  /** What the door would say to an item now. */
  readonly recheck: Recheck;
};

export type Sources = {
  create(actor: Operator, wanted: z.input<typeof newSource>): Promise<SourceCreated>;
  change(actor: Operator, id: string, change: z.infer<typeof sourceChange>): Promise<Source>;
  /** A new token or password; the old one ends now. @throws {SourceHasNoSecret} */
  renewSecret(actor: Operator, id: string, days?: number | null): Promise<SourceCreated>;
  list(actor: Operator): Promise<SourceWithBalance[]>;
  one(actor: Operator, id: string): Promise<SourceWithBalance>;
  rejected(
    actor: Operator,
    id: string,
    page: { after?: string | undefined; limit: number },
  ): Promise<{ items: RejectedItem[]; next: string | null; total: number }>;
  replay(
    actor: Operator,
    id: string,
    ids: readonly string[],
  ): Promise<{ replayed: number; rejectedAgain: number }>;

  /** For the doors. Undefined: nobody known. A paused source is found, and is to be refused as over capacity. */
  authenticate(credential: Credential): KnownSource | undefined;
  byId(id: SourceId): KnownSource | undefined;
  /** Keeps and counts items that a door did not let in; resolves when that is durable. */
  rejectAtDoor(items: readonly Rejection[]): Promise<void>;
  note(source: SourceId, note: DoorNote): void;
  /** Something of this source came in just now. */
  heard(source: SourceId): void;

  /** For the pipeline, in its checkpoint transaction. Items the spool lost are counted and kept as a rejection. */
  count(tx: Tx, deltas: readonly SourceDelta[], rejections: readonly Rejection[]): Promise<void>;
  /** The last sequence of each source that has been dealt with: `atLeast` for the spool. */
  processed(): Promise<Map<string, number>>;

  /** One round of the watch: writes the doors' counts, reads rates, raises and clears silence. `start` does it each second. */
  tick(): Promise<void>;
  start(): void;
  close(): Promise<void>;
};

const renewedDays = 365;
const expiry = (now: Date, days: number | null): string | null =>
  days === null ? null : new Date(now.getTime() + days * 86_400_000).toISOString();

const keptRejectionsPerSource = 20_000;
const channel = 'soc.source';

export async function createSources(deps: SourcesDeps): Promise<Sources> {
  const { records, spool, clock, ids, ledger, log } = deps;
  const counts = tally();
  const rate = rates();
  const heardAt = new Map<SourceId, Date>();
  const brokenBalances = new Set<string>();
  let directory: Directory = directoryOf([]);

  const load = async (): Promise<void> => {
    directory = directoryOf(
      await records.transaction(systemAccess('know every source at the doors'), store.directoryEntries),
    );
  };
  const stopListening = await records.onChange(channel, () => {
    load().catch((error: unknown) => log.error({ error }, 'sources could not be read again'));
  });
  await load();

  const withBalance = (counted: store.CountedSource): SourceWithBalance => {
    const balanced: Balanced = balanceOf(counted, {
      lastSequence: spool.lastSequence(sourceId(counted.source.id)),
      notWritten: counts.of(sourceId(counted.source.id)),
      heardAt: heardAt.get(sourceId(counted.source.id)),
      eventsPerSecond: rate.of(sourceId(counted.source.id)),
    });
    if (!balanced.holds && !brokenBalances.has(counted.source.id)) {
      brokenBalances.add(counted.source.id);
      log.error({ balance: balanced.balance }, 'the balance of a source does not hold');
    }
    return { ...counted.source, balance: balanced.balance };
  };

  async function found(tx: Tx, actor: Operator, id: string): Promise<store.CountedSource> {
    const counted = await store.find(tx, actor.scope, id);
    if (counted === undefined) throw new NotFound('source', id);
    return counted;
  }

  async function changed(
    tx: Tx,
    actor: Operator,
    action: string,
    source: Source,
    facts: Parameters<Recorder['record']>[1]['facts'],
  ): Promise<void> {
    await records.notify(tx, channel, source.id);
    await ledger.record(tx, {
      actor,
      action,
      subject: `source/${source.id}`,
      tenancy: source.tenancy,
      facts,
    });
  }

  const sources: Sources = {
    async create(actor, wanted) {
      check(wanted, actor);
      const { authentication } = wanted;
      const secret = newSecret(authentication.kind, ids);
      const source: Source = {
        id: wanted.id,
        name: wanted.name,
        tenancy: wanted.tenancy,
        authentication:
          authentication.kind === 'listener'
            ? { ...authentication, from: authentication.from ?? '0.0.0.0/0' }
            : authentication,
        format: wanted.format ?? null,
        silentAfterSeconds: wanted.silentAfterSeconds ?? null,
        recorded: wanted.recorded ?? false,
        state: 'active',
        secretExpiresAt: secret === null ? null : expiry(clock.now(), wanted.secretDays ?? null),
        createdAt: clock.now().toISOString(),
      };
      await records.transaction(actor.scope, async (tx) => {
        const taken = await store.insert(tx, source, secret === null ? null : hashSecret(secret));
        if (taken !== undefined) throw new SourceTaken(taken, takenValue(taken, source));
        await changed(tx, actor, 'source.created', source, {
          name: source.name,
          authentication: JSON.stringify(source.authentication),
          format: source.format,
          silentAfterSeconds: source.silentAfterSeconds,
          recorded: source.recorded,
        });
      });
      await load();
      return { source, secret };
    },

    async change(actor, id, change) {
      const after = await records.transaction(actor.scope, async (tx) => {
        const { source: before, activeSince } = await found(tx, actor, id);
        const next: Source = {
          ...before,
          name: change.name ?? before.name,
          format: change.format === undefined ? before.format : change.format,
          silentAfterSeconds:
            change.silentAfterSeconds === undefined ? before.silentAfterSeconds : change.silentAfterSeconds,
          recorded: change.recorded ?? before.recorded,
          state: change.state ?? before.state,
        };
        const wakesUp = before.state === 'paused' && next.state === 'active';
        await store.update(tx, actor.scope, next, wakesUp ? clock.now() : activeSince);
        await changed(tx, actor, 'source.changed', next, {
          name: next.name,
          format: next.format,
          silentAfterSeconds: next.silentAfterSeconds,
          recorded: next.recorded,
          state: next.state,
        });
        return next;
      });
      await load();
      return after;
    },

    async renewSecret(actor, id, days) {
      const created = await records.transaction(actor.scope, async (tx) => {
        const { source } = await found(tx, actor, id);
        const secret = newSecret(source.authentication.kind, ids);
        if (secret === null) throw new SourceHasNoSecret(id, source.authentication.kind);
        // Renewed without a word about it, a secret that was to end is to end again: after a year at most.
        const secretExpiresAt = expiry(
          clock.now(),
          days === undefined ? (source.secretExpiresAt === null ? null : renewedDays) : days,
        );
        await store.replaceSecret(tx, actor.scope, id, hashSecret(secret), secretExpiresAt);
        await changed(tx, actor, 'source.secret-renewed', source, { expiresAt: secretExpiresAt });
        return { source: { ...source, secretExpiresAt }, secret };
      });
      await load();
      return created;
    },

    async list(actor) {
      const all = await records.transaction(actor.scope, (tx) => store.list(tx, actor.scope));
      return all.map(withBalance);
    },

    async one(actor, id) {
      return withBalance(await records.transaction(actor.scope, (tx) => found(tx, actor, id)));
    },

    async rejected(actor, id, { after, limit }) {
      return records.transaction(actor.scope, async (tx) => {
        await found(tx, actor, id);
        const items = await countStore.rejectedPage(tx, actor.scope, id, { after, limit: limit + 1 });
        const shown = items.slice(0, limit);
        const total = await countStore.rejectedTotal(tx, actor.scope, id);
        return { items: shown, next: items.length > limit ? (shown.at(-1)?.id ?? null) : null, total };
      });
    },

    replay: (actor, id, chosen) => replay(deps, actor, id, chosen),

    authenticate: (credential) => directory.find(credential, clock.now()),
    byId: (id) => directory.byId(id),
    heard: (source) => void heardAt.set(source, clock.now()),
    note: (source, note) => counts.note(source, note),

    async rejectAtDoor(items) {
      if (items.length === 0) return;
      const bySource = Map.groupBy(items, ({ source }) => source);
      await records.transaction(systemAccess('keep what a door rejected'), async (tx) => {
        await countStore.keepRejected(tx, items.map(withId));
        await countStore.addDoorCounts(
          tx,
          [...bySource].map(([source, own]) => ({
            source,
            doorRejected: own.length,
            duplicates: 0,
            refused: 0,
          })),
        );
      });
    },

    async count(tx, deltas, rejections) {
      if (deltas.length === 0) return;
      const damaged = await countStore.addCounts(tx, deltas);
      await countStore.keepRejected(tx, [...rejections, ...damaged.map(damageReport)].map(withId));
      for (const { source, items } of damaged)
        log.error({ source, items }, 'items of the spool were damaged and are lost');
    },

    async processed() {
      const all = await records.transaction(systemAccess('go on counting where it stopped'), store.listAll);
      return new Map(all.map(({ source, processed }) => [source.id, processed]));
    },

    tick,
    start() {
      timer ??= setInterval(() => {
        ticking ??= tick()
          .catch((error: unknown) =>
            log.error({ error }, 'the watch over the sources failed; it tries again'),
          )
          .finally(() => {
            ticking = undefined;
          });
      }, 1000);
    },
    async close() {
      clearInterval(timer);
      await ticking;
      await flush();
      await stopListening();
    },
  };

  let timer: NodeJS.Timeout | undefined;
  let ticking: Promise<void> | undefined;
  let ticks = 0;

  async function flush(): Promise<void> {
    const taken = counts.take();
    if (taken.length === 0) return;
    try {
      await records.transaction(systemAccess('write what the doors counted'), (tx) =>
        countStore.addDoorCounts(tx, taken),
      );
    } catch (error) {
      counts.restore(taken);
      throw error;
    }
  }

  async function tick(): Promise<void> {
    const now = clock.now();
    for (const { id } of directory.all) rate.read(id, spool.lastSequence(id), now.getTime());
    await flush();
    if (ticks++ % 10 !== 0) return;
    await watchSilence({ records, silence: deps.silence, log }, now, heardAt);
    if (ticks % 600 === 1) {
      await records.transaction(systemAccess('bound what is kept of rejected items'), (tx) =>
        countStore.pruneRejected(tx, keptRejectionsPerSource),
      );
    }
  }

  const withId = (item: Rejection): Rejection & { id: string } => ({ ...item, id: ids.uuid() });

  function damageReport({ source, items }: countStore.Damaged): Rejection {
    return {
      source,
      receivedAt: clock.now(),
      code: 'spool-damaged',
      reason: `${items} items could not be read back from the spool; the damaged bytes are in its quarantine folder.`,
      wire: 'line',
      peer: '',
      clientId: '',
      bytes: Buffer.alloc(0),
      sizeBytes: 0,
    };
  }

  return sources;
}

function check(wanted: z.input<typeof newSource>, actor: Operator): void {
  if (!isId(wanted.id))
    throw new Invalid('An id has 1 to 63 characters of a-z, 0-9, "_", "." and "-".', { id: wanted.id });
  if (!covers(actor.scope, tenancyId(wanted.tenancy))) throw new NotFound('tenancy', wanted.tenancy);
  const { authentication: by } = wanted;
  if (by.kind === 'listener' && parseNetwork(by.from ?? '0.0.0.0/0') === undefined) {
    throw new Invalid(`"${by.from}" is no network. Write an address or a range, like 10.20.0.0/16.`, {
      from: by.from ?? '',
    });
  }
}

function newSecret(kind: Source['authentication']['kind'], ids: Ids): string | null {
  if (kind === 'token') return `ibs_${ids.secret(32)}`;
  return kind === 'basic' ? ids.secret(32) : null;
}

function takenValue(taken: store.TakenBy, { id, authentication: by }: Source): string {
  if (taken === 'username' && by.kind === 'basic') return by.username;
  if (taken === 'certificate' && by.kind === 'client-certificate') return by.sha256Fingerprint;
  if (taken === 'listener' && by.kind === 'listener') return `${by.listener} from ${by.from}`;
  return id;
}
