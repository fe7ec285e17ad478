/** One timer for every clock and every "3 min ago" of the page. */
export type Ticker = { readonly now: () => number; readonly subscribe: (listener: () => void) => () => void };

export function ticker(clock: () => number): Ticker {
  const listeners = new Set<() => void>();
  let now = clock();
  let timer: ReturnType<typeof setInterval> | undefined;
  return {
    now: () => now,
    subscribe(listener) {
      listeners.add(listener);
      timer ??= setInterval(() => {
        now = clock();
        for (const one of listeners) one();
      }, 1000);
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0) return;
        clearInterval(timer);
        timer = undefined;
      };
    },
  };
}
