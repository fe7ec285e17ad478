import { type Change, type ChangeFeed, listenToChanges } from '#community';
import type { Clock } from '#platform/clock';
import type { Records } from '#platform/records';
import { systemAccess } from '#platform/scope';
import type { FactSources, FactTable, PersonEntry } from './sources.ts';

type TableName = keyof FactSources;
type EntryOf<Name extends TableName> =
  NonNullable<FactSources[Name]> extends FactTable<infer Entry> ? Entry : never;

/** One entry as it is known: `entry` undefined means that its register has no such id. */
export type Looked<T> =
  | { readonly known: true; readonly entry: T | undefined; readonly at: Date; readonly source: string }
  | { readonly known: false; readonly why: string };

/**
 * The community's facts in memory, kept fresh by the change feed, so that a decision waits for no database.
 * INVARIANT: what was heard to have changed is not used until it was read again.
 */
export type Snapshot = {
  look<Name extends TableName>(table: Name, id: string): Looked<EntryOf<Name>>;
  ids(table: TableName): Iterable<string>;
  /** Person id by account or by address; undefined for nobody. */
  personBy(what: 'user' | 'email', value: string): string | undefined;
  /** What people are known by, each once, in the order of `sort`; accounts and addresses of those who left are not in it. */
  namesOf(what: 'person' | 'user' | 'email'): readonly string[];
  heardUntil(): Date | undefined;
  /** Resolves when everything heard so far was read again (or failed, which `look` tells). */
  settled(): Promise<void> | undefined;
  close(): Promise<void>;
};

export type SnapshotDeps = {
  readonly records: Records;
  readonly clock: Clock;
  readonly sources: FactSources;
  readonly failed: (error: unknown) => void;
  /** Each change that was heard, after it was read. */
  readonly heard?: (change: Change) => void;
  readonly beatMilliseconds?: number;
};

/** One register in memory. */
type Held = {
  readonly table: FactTable<unknown>;
  entries: Map<string, unknown>;
  readAt: Date | undefined;
  /** Changed, and not read again yet. */
  readonly dirty: Set<string>;
  /** Not read at all, or to be read as a whole. */
  whole: boolean;
};

const access = systemAccess('know the facts of decisions');
/** Beyond this many changed entries of one register it is read as a whole. */
const mostAtOnce = 500;
const retryMilliseconds = 1_000;

export async function openSnapshot(deps: SnapshotDeps): Promise<Snapshot> {
  const held = new Map<TableName, Held>();
  // Object.entries loses the names' type; they are those of FactSources.
  for (const [name, table] of Object.entries(deps.sources) as [TableName, FactTable<unknown> | undefined][])
    if (table !== undefined)
      held.set(name, { table, entries: new Map(), readAt: undefined, dirty: new Set(), whole: true });
  const people = indexPeople();
  let reading: Promise<void> | undefined;
  let closed = false;

  const readOne = async (name: TableName, one: Held): Promise<void> => {
    const whole = one.whole || one.dirty.size > mostAtOnce;
    const ids = [...one.dirty];
    one.dirty.clear();
    one.whole = false;
    try {
      const at = deps.clock.now();
      const found = await deps.records.transaction(access, (tx) =>
        whole ? one.table.all(tx) : one.table.some(tx, ids),
      );
      if (whole) one.entries = new Map(found);
      else
        for (const id of ids)
          if (found.has(id)) one.entries.set(id, found.get(id));
          else one.entries.delete(id);
      one.readAt = at;
      // The register of people holds PersonEntry.
      if (name === 'people') people.take(one.entries as Map<string, PersonEntry>, whole ? undefined : ids);
    } catch (error) {
      for (const id of ids) one.dirty.add(id);
      one.whole ||= whole;
      deps.failed(error);
      throw error;
    }
  };
  const changedOnes = () => [...held].filter(([, one]) => one.whole || one.dirty.size > 0);
  const readChanged = async (): Promise<void> => {
    for (let todo = changedOnes(); todo.length > 0 && !closed; todo = changedOnes())
      for (const [name, one] of todo) await readOne(name, one);
  };
  const read = (): Promise<void> => {
    reading ??= readChanged()
      .catch(() => {
        // It was told; until it works, what is dirty stays unknown.
        if (!closed) setTimeout(() => void read(), retryMilliseconds).unref();
      })
      .finally(() => {
        reading = undefined;
      });
    return reading;
  };
  const everything = (): Promise<void> => {
    for (const one of held.values()) one.whole = true;
    return read();
  };
  const take = (change: Change): void => {
    for (const one of held.values()) {
      const whole = one.table.wholeFor?.includes(change.kind) === true;
      if (!whole && !one.table.kinds.includes(change.kind)) continue;
      if (whole || change.id === '') one.whole = true;
      else one.dirty.add(change.id);
    }
    void read().then(() => deps.heard?.(change));
  };
  const feed: ChangeFeed = await listenToChanges({
    ...deps,
    heard: take,
    lost: async () => {
      await everything();
      if (changedOnes().length > 0) throw new Error('not everything could be read again');
    },
  });
  await everything();
  const timers = [...held.values()]
    .filter(({ table }) => table.refreshSeconds !== undefined)
    .map((one) =>
      setInterval(
        () => {
          // In place: until it is read again the old one stands, and grows old.
          one.whole = one.readAt === undefined;
          void refresh(one);
        },
        (one.table.refreshSeconds ?? 0) * 1000,
      ),
    );
  const refresh = async (one: Held): Promise<void> => {
    try {
      const at = deps.clock.now();
      const found = await deps.records.transaction(access, (tx) => one.table.all(tx));
      if (one.whole || one.dirty.size > 0 || reading !== undefined) return;
      one.entries = new Map(found);
      one.readAt = at;
    } catch (error) {
      if (!closed) deps.failed(error);
    }
  };

  const look = <Name extends TableName>(name: Name, id: string): Looked<EntryOf<Name>> => {
    const one = held.get(name);
    if (one === undefined) return { known: false, why: 'nothing that knows it is connected' };
    if (one.readAt === undefined || one.whole)
      return { known: false, why: `${one.table.name} is not read yet` };
    if (one.dirty.has(id)) return { known: false, why: `${one.table.name} changed and is being read again` };
    const heard = feed.heardUntil();
    // Kept fresh by changes, an entry is as young as the feed; one that time alone changes is as old as its reading.
    const at =
      one.table.refreshSeconds === undefined && heard !== undefined && heard > one.readAt
        ? heard
        : one.readAt;
    // The map holds what this register's `all` and `some` gave.
    return {
      known: true,
      entry: one.entries.get(id) as EntryOf<Name> | undefined,
      at,
      source: one.table.name,
    };
  };
  return {
    look,
    ids: (name) => held.get(name)?.entries.keys() ?? [],
    personBy: people.by,
    namesOf: (what) => people.names(what),
    heardUntil: () => feed.heardUntil(),
    settled: () => (changedOnes().length > 0 ? read() : undefined),
    close: async () => {
      closed = true;
      for (const timer of timers) clearInterval(timer);
      await feed.close();
      await reading;
    },
  };
}

/** Finds people by account and by address; who left is not found by them. */
function indexPeople() {
  const byUser = new Map<string, string>();
  const byEmail = new Map<string, string>();
  const keys = new Map<string, { user: string | null; email: string | null }>();
  let everybody: ReadonlyMap<string, PersonEntry> = new Map();
  // Sorting ten thousand takes longer than deciding about them.
  const sorted = new Map<'person' | 'user' | 'email', readonly string[]>();
  const drop = (id: string): void => {
    const old = keys.get(id);
    if (old === undefined) return;
    if (old.user !== null && byUser.get(old.user) === id) byUser.delete(old.user);
    if (old.email !== null && byEmail.get(old.email) === id) byEmail.delete(old.email);
    keys.delete(id);
  };
  const add = (id: string, { user, email, state }: PersonEntry): void => {
    if (state === 'left') return;
    const key = { user, email: email?.toLowerCase() ?? null };
    keys.set(id, key);
    if (key.user !== null) byUser.set(key.user, id);
    if (key.email !== null) byEmail.set(key.email, id);
  };
  return {
    take(entries: ReadonlyMap<string, PersonEntry>, ids: readonly string[] | undefined): void {
      everybody = entries;
      sorted.clear();
      if (ids === undefined) {
        byUser.clear();
        byEmail.clear();
        keys.clear();
      }
      for (const id of ids ?? entries.keys()) {
        drop(id);
        const entry = entries.get(id);
        if (entry !== undefined) add(id, entry);
      }
    },
    names(what: 'person' | 'user' | 'email'): readonly string[] {
      const before = sorted.get(what);
      if (before !== undefined) return before;
      const found = new Set<string>();
      for (const { id, state, user, email } of everybody.values()) {
        const name = what === 'person' ? id : state === 'left' ? null : what === 'user' ? user : email;
        if (name !== null) found.add(name);
      }
      const names = [...found].sort();
      sorted.set(what, names);
      return names;
    },
    by: (what: 'user' | 'email', value: string): string | undefined =>
      what === 'user' ? byUser.get(value) : byEmail.get(value.toLowerCase()),
  };
}
