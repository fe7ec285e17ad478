/** Bytes that all doors together may hold before they are in the spool. */
export type Budget = {
  /** @returns false, with nothing taken, when that is too many */
  take(bytes: number): boolean;
  give(bytes: number): void;
  readonly usedBytes: number;
};

export function createBudget(capBytes: number): Budget {
  let usedBytes = 0;
  return {
    take(bytes) {
      if (usedBytes + bytes > capBytes) return false;
      usedBytes += bytes;
      return true;
    },
    give(bytes) {
      usedBytes -= bytes;
    },
    get usedBytes() {
      return usedBytes;
    },
  };
}
