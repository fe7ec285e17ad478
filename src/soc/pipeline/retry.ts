import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Tries until it works: for stores that are away. Waits 0.1 s, doubling up to 10 s.
 * @param worthAnother says of an error whether waiting can help; any other error is thrown at once
 * @throws the signal's reason once it aborts
 */
export async function untilDone<T>(
  work: () => Promise<T>,
  worthAnother: (error: unknown) => boolean,
  signal: AbortSignal,
  told: (error: unknown, waitMilliseconds: number) => void,
): Promise<T> {
  for (let wait = 100; ; wait = Math.min(wait * 2, 10_000)) {
    try {
      return await work();
    } catch (error) {
      if (!worthAnother(error)) throw error;
      told(error, wait);
      await sleep(wait, undefined, { signal });
    }
  }
}
