import { Busy } from '#platform/errors';

/**
 * At most `count` at once, the rest waits in order, up to `most`.
 * A caller that gave up leaves at once; work that has begun keeps its slot until it ends.
 * @throws {Busy} when too many wait
 */
export function slots(
  count: number,
  most = 200,
): <T>(work: () => Promise<T>, signal?: AbortSignal) => Promise<T> {
  let free = count;
  const waiting: (() => void)[] = [];

  const run = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) free++;
      else next();
    }
  };

  return async (work, signal) => {
    signal?.throwIfAborted();
    if (free > 0) free--;
    else await turn(waiting, most, signal);
    return untilAborted(run(work), signal);
  };
}

function turn(waiting: (() => void)[], most: number, signal: AbortSignal | undefined): Promise<void> {
  if (waiting.length >= most) throw new Busy('Too many searches wait already.', 5);
  return new Promise((resolve, reject) => {
    const mine = (): void => {
      signal?.removeEventListener('abort', leave);
      resolve();
    };
    const leave = (): void => {
      waiting.splice(waiting.indexOf(mine), 1);
      reject(signal?.reason as Error); // an AbortSignal's reason is what the caller gave, an error by custom
    };
    waiting.push(mine);
    signal?.addEventListener('abort', leave, { once: true });
  });
}

function untilAborted<T>(result: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return result;
  return new Promise((resolve, reject) => {
    const leave = (): void => reject(signal.reason as Error); // as above
    signal.addEventListener('abort', leave, { once: true });
    result.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave));
  });
}
