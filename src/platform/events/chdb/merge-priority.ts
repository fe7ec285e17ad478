import { readdirSync, readFileSync } from 'node:fs';
import { setPriority } from 'node:os';

/** Of the engine's own: threads that merge parts, which nobody waits for. */
const mergers = /^Merge/;
/** A tenth of what a thread with the usual priority gets, where both want the same core. */
const nice = 10;
const againMilliseconds = 10_000;

/**
 * Merging gives way to storing and searching while the machine is busy, and catches up when it is not. It always gets some of
 * the machine, so that parts grow in number slowly; past the table's `parts_to_delay_insert` storing waits for it.
 * Linux only, where a thread has a priority of its own; elsewhere nothing happens.
 * @returns stops looking for new threads
 */
export function mergeBehindOthers(): () => void {
  const done = new Set<string>();
  const look = (): void => {
    for (const thread of mergeThreads()) {
      if (done.has(thread)) continue;
      done.add(thread);
      setPriority(Number(thread), nice);
    }
  };
  look();
  const timer = setInterval(look, againMilliseconds).unref();
  return () => clearInterval(timer);
}

function mergeThreads(): string[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc/self/task').filter((thread) => {
    try {
      return mergers.test(readFileSync(`/proc/self/task/${thread}/comm`, 'utf8'));
    } catch {
      // It has just ended.
      return false;
    }
  });
}
