/** Percentiles, the machine's own noise, and how they are said. */
export const percentile = (times: readonly number[], share: number): number => {
  const sorted = [...times].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
};

export function show(name: string, times: readonly number[], goal: string): void {
  const ms = (share: number): string => percentile(times, share).toFixed(4);
  console.log(`${name.padEnd(62)} p50 ${ms(0.5)}   p90 ${ms(0.9)}   p99 ${ms(0.99)} ms   ${goal}`);
}

/** @returns milliseconds of each */
export function timed(count: number, work: (n: number) => void): number[] {
  const times: number[] = [];
  for (let n = 0; n < count; n++) {
    const began = performance.now();
    work(n);
    times.push(performance.now() - began);
  }
  return times;
}

/** The same arithmetic each time: how far its p99 is from its p50 is the machine's doing. */
export function noise(): void {
  let sum = 0;
  const times = timed(40_000, () => {
    for (let n = 0; n < 8_000; n++) sum = (Math.imul(sum, 31) + n) | 0;
  });
  show(
    `reference: the same arithmetic each time${sum === 0 ? ' ' : ''}`,
    times,
    'what this machine adds by itself',
  );
}
