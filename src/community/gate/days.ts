const dayMilliseconds = 24 * 60 * 60 * 1000;

/** The moment so many days later: what is valid for them is valid before it, and not at it. */
export const days = (from: Date, count: number): Date => new Date(from.getTime() + count * dayMilliseconds);
