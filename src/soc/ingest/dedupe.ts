import { hash, randomBytes } from 'node:crypto';
import type { EventStore } from '#platform/events';
import { type SourceId, sourceId } from '#platform/scope';
import type { Spool } from '#platform/spool';
import { recentClientIds } from './store.ts';

/**
 * The ids that producers gave to recent items, per source. Bounded: two generations of hashes; when the younger is
 * full, the older is forgotten.
 */
export type Dedupe = {
  /**
   * 'new': the caller has it now and must `settle` it. 'pending': somebody else has, and it is not yet durable.
   * 'known': it is durable.
   */
  claim(source: SourceId, id: string): 'new' | 'pending' | 'known';
  settle(source: SourceId, id: string, taken: boolean): void;
  /** Resolves when everything claimed before now is settled. */
  settled(source: SourceId): Promise<void>;
  /** At start, for ids that are durable already. */
  remember(source: SourceId, id: string): void;
};

const firstSlots = 4096;

/** @param maxIdsPerGeneration at 12 bytes each, twice: 2 million take 48 MB when full */
export function createDedupe({ maxIdsPerGeneration = 2_000_000 } = {}): Dedupe {
  // Hashes are keyed, so that nobody can choose an id that hides somebody else's.
  const key = randomBytes(16).toString('hex');
  let young = generation();
  let old = generation();
  const pending = new Map<SourceId, Map<string, [number, number]>>();
  const waiting = new Map<SourceId, (() => void)[]>();

  function digest(source: SourceId, id: string): [number, number] {
    const bytes = hash('sha256', `${key}${source}\0${id}`, 'buffer');
    // 0 marks an empty slot.
    return [bytes.readUInt32LE(0) || 1, bytes.readUInt32LE(4)];
  }

  function add(high: number, low: number): void {
    if (young.size >= maxIdsPerGeneration) {
      old = young;
      young = generation();
    }
    young.add(high, low);
  }

  return {
    claim(source, id) {
      const own = pending.get(source);
      if (own?.has(id) === true) return 'pending';
      const [high, low] = digest(source, id);
      if (young.has(high, low) || old.has(high, low)) return 'known';
      if (own === undefined) pending.set(source, new Map([[id, [high, low]]]));
      else own.set(id, [high, low]);
      return 'new';
    },
    settle(source, id, taken) {
      const own = pending.get(source);
      const claimed = own?.get(id);
      own?.delete(id);
      if (taken) add(...(claimed ?? digest(source, id)));
      if (own !== undefined && own.size > 0) return;
      pending.delete(source);
      const woken = waiting.get(source) ?? [];
      waiting.delete(source);
      for (const go of woken) go();
    },
    settled(source) {
      if (!pending.has(source)) return Promise.resolve();
      return new Promise((resolve) => {
        waiting.set(source, [...(waiting.get(source) ?? []), resolve]);
      });
    },
    remember: (source, id) => add(...digest(source, id)),
  };
}

/** A set of 64-bit hashes: open addressing, doubled when it is three quarters full. */
function generation(): {
  readonly size: number;
  has(high: number, low: number): boolean;
  add(high: number, low: number): void;
} {
  let slots = new Uint32Array(firstSlots * 2);
  let size = 0;

  function slotOf(table: Uint32Array, high: number, low: number): number {
    const mask = table.length / 2 - 1;
    let slot = low & mask;
    while (table[slot * 2] !== 0 && (table[slot * 2] !== high || table[slot * 2 + 1] !== low))
      slot = (slot + 1) & mask;
    return slot * 2;
  }
  function grow(): void {
    const larger = new Uint32Array(slots.length * 2);
    for (let at = 0; at < slots.length; at += 2) {
      const high = slots[at] ?? 0;
      const low = slots[at + 1] ?? 0;
      if (high === 0) continue;
      const slot = slotOf(larger, high, low);
      larger[slot] = high;
      larger[slot + 1] = low;
    }
    slots = larger;
  }
  return {
    get size() {
      return size;
    },
    has: (high, low) => slots[slotOf(slots, high, low)] !== 0,
    add(high, low) {
      if (size * 8 >= slots.length * 3) grow();
      const slot = slotOf(slots, high, low);
      if (slots[slot] !== 0) return;
      slots[slot] = high;
      slots[slot + 1] = low;
      size++;
    },
  };
}

const recentIds = 500_000;

/** Brings back the ids of the newest events in the store, at most half a million of the last minutes. */
export async function rememberEvents(
  dedupe: Dedupe,
  events: Pick<EventStore, 'systemQuery'>,
  since: Date,
): Promise<number> {
  const found = await recentClientIds(events, since, recentIds);
  for (const { source, id } of found.reverse()) dedupe.remember(sourceId(source), id);
  return found.length;
}

/** Brings back the ids of what is in the spool: all that may not yet be in the event store, and usually more. */
export async function rememberSpool(dedupe: Dedupe, spool: Pick<Spool, 'read' | 'end'>): Promise<void> {
  const unstopped = new AbortController().signal;
  for await (const { frame } of spool.read({ segment: 0, offset: 0 }, unstopped, spool.end)) {
    for (const id of frame.clientIds) if (id !== '') dedupe.remember(frame.source, id);
  }
}
