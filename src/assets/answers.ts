import type { Tx } from '#platform/records';
import type { Scope } from '#platform/scope';
import { versionOf } from './store-inventory.ts';

/** A text that was made of the inventory, and when time alone makes it wrong: a host goes stale. */
export type Made = { readonly text: string; readonly until: Date | undefined };
export type Answers = {
  /** The kept text, or a new one where the inventory in scope or the time is another. */
  of(name: string, tx: Tx, scope: Scope, now: Date, make: () => Promise<Made>): Promise<string>;
};

/** Of a few readers' scopes; the one that was longest not asked for goes first. */
const most = { answers: 24, characters: 64 * 1024 * 1024 };

/** INVARIANT: an answer is given to nobody whose scope is another than that of whom it was made for. */
export function answers(): Answers {
  const kept = new Map<string, Made & { readonly version: string }>();
  const trim = (): void => {
    let characters = 0;
    for (const { text } of kept.values()) characters += text.length;
    for (const [key, { text }] of kept) {
      if (kept.size <= most.answers && characters <= most.characters) return;
      characters -= text.length;
      kept.delete(key);
    }
  };
  return {
    async of(name, tx, scope, now, make) {
      const key = JSON.stringify([name, ...[...scope.tenancies].sort()]);
      const version = await versionOf(tx, scope);
      const found = kept.get(key);
      kept.delete(key);
      const good = found?.version === version && (found.until === undefined || now < found.until);
      const answer = good ? found : { ...(await make()), version };
      kept.set(key, answer);
      trim();
      return answer.text;
    },
  };
}
