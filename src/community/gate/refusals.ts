import type { Actor } from '#identity';
import type { Ledger } from '#ledger';
import type { Clock } from '#platform/clock';
import { Invalid } from '#platform/errors';
import type { Records } from '#platform/records';
import { systemAccess } from '#platform/scope';

export type Malformation = 'content-type' | 'json' | 'shape';

/** What is no question of the gate: another type, broken JSON, a shape that does not fit. */
export class Malformed extends Invalid {
  readonly kind: Malformation;
  constructor(kind: Malformation, message: string, cause?: unknown) {
    super(message, {}, cause);
    this.kind = kind;
  }
}

/**
 * Puts on record who asked what is no question.
 * INVARIANT: of one caller, one kind and one minute the ledger takes two entries at most: the first at once, and how many more
 * came, when the minute is over. A flood can't fill it.
 */
export type Refusals = {
  /** Resolves when it is on record, or counted. It never rejects: the refusal stands anyhow. */
  note(
    caller: Pick<Actor, 'id' | 'name'>,
    one: { kind: Malformation; path: string; why: string },
  ): Promise<void>;
  /** Writes what was counted in minutes that are over; `all`: in this one too. */
  settle(all?: boolean): Promise<void>;
  close(): Promise<void>;
};

export type RefusalDeps = {
  readonly records: Records;
  readonly clock: Clock;
  readonly ledger: Ledger;
  readonly failed: (error: unknown) => void;
};

type Counted = {
  readonly caller: Pick<Actor, 'id' | 'name'>;
  readonly kind: Malformation;
  readonly minute: number;
  more: number;
};

const access = systemAccess('record what the gate could not read');
const minuteMilliseconds = 60_000;
const settleMilliseconds = 5_000;
/** Callers hold tokens, so they are few; beyond this many in a minute nobody is told apart. */
const mostCounted = 1_000;
const mostOfWhy = 300;
const gate = { kind: 'system', id: 'system', name: 'gate' } as const;
const others = { id: 'others', name: 'others' };

export function openRefusals(deps: RefusalDeps): Refusals {
  const counted = new Map<string, Counted>();
  const write = async ({ caller, kind }: Counted, facts: Record<string, string | number>): Promise<void> => {
    try {
      await deps.records.transaction(access, (tx) =>
        deps.ledger.record(tx, {
          actor: gate,
          action: 'gate.malformed',
          subject: `caller/${caller.id}`,
          facts: { kind, askedBy: caller.name, ...facts },
        }),
      );
    } catch (error) {
      deps.failed(error);
    }
  };
  const settle = async (all = false): Promise<void> => {
    const minute = Math.floor(deps.clock.now().getTime() / minuteMilliseconds);
    for (const [key, one] of counted) {
      if (!all && one.minute === minute) continue;
      counted.delete(key);
      const from = new Date(one.minute * minuteMilliseconds).toISOString();
      if (one.more > 0) await write(one, { more: one.more, minute: from });
    }
  };
  const timer = setInterval(() => void settle(), settleMilliseconds);
  return {
    settle,
    async note(given, { kind, path, why }) {
      const minute = Math.floor(deps.clock.now().getTime() / minuteMilliseconds);
      const key = (id: string): string => `${minute} ${kind} ${id}`;
      const caller = counted.size < mostCounted || counted.has(key(given.id)) ? given : others;
      const before = counted.get(key(caller.id));
      if (before !== undefined) {
        before.more++;
        return;
      }
      const one: Counted = { caller, kind, minute, more: 0 };
      counted.set(key(caller.id), one);
      await write(one, { path, why: why.slice(0, mostOfWhy) });
    },
    close: async () => {
      clearInterval(timer);
      await settle(true);
    },
  };
}
