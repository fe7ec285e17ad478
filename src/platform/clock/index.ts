/**
 * The time, as an argument: services take a Clock, tests move it by hand.
 */
export interface Clock {
  now(): Date;
}

export const systemClock: Clock = { now: () => new Date() };

/** A clock for tests: it stands still until it is moved. */
export function manualClock(
  start: Date | string,
): Clock & { advance(seconds: number): void; set(at: Date | string): void } {
  let at = new Date(start).getTime();
  return {
    now: () => new Date(at),
    advance: (seconds) => {
      at += seconds * 1000;
    },
    set: (to) => {
      at = new Date(to).getTime();
    },
  };
}
