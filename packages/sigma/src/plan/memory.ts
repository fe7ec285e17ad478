/** What was found out about one value of one field. */
export type KnownValue = {
  readonly text: string;
  /** Witnesses that stand in it. */
  readonly witnesses: number[];
  lowered: string | undefined;
  /** By item of the field: 0 not asked yet, 1 true, 2 false. From the second time the value is met. */
  answers: Uint8Array | undefined;
};

/** What all memories of one matcher may hold together: when it is used up, all of it is forgotten at once. */
export type MemoryBudget = { readonly most: number; left: number; epoch: number };

export function memoryBudget(most: number): MemoryBudget {
  return { most, left: most, epoch: 0 };
}

/** Longer values are rarely met again. */
export const longestKept = 4096;
const places = 512;
const overhead = 150;
// Fields whose values do not come again (times, ids, hashes) are not remembered for a while.
const trial = 256;
const pause = 8192;

/**
 * The values one field held lately. Logs say the same again and again: a value met before costs one comparison in place
 * of a scan. One place for each hash: a value that is not met again gives way to the next one.
 */
export class ValueMemory {
  private readonly budget: MemoryBudget;
  private epoch: number;
  private kept: (KnownValue | undefined)[] = [];
  private asked = 0;
  private found = 0;
  private paused = 0;

  constructor(budget: MemoryBudget) {
    this.budget = budget;
    this.epoch = budget.epoch;
  }

  /** @returns false while values of this field are not remembered: then neither ask nor keep */
  get awake(): boolean {
    if (this.paused === 0) return true;
    this.paused--;
    return false;
  }

  find(text: string): KnownValue | undefined {
    if (this.epoch !== this.budget.epoch) {
      this.epoch = this.budget.epoch;
      this.kept = [];
    }
    if (++this.asked >= trial) {
      if (this.found * 4 < this.asked) this.paused = pause;
      this.asked = 0;
      this.found = 0;
    }
    const known = this.kept[placeOf(text)];
    if (known === undefined || known.text !== text) return undefined;
    this.found++;
    return known;
  }

  keep(known: KnownValue): void {
    const { budget } = this;
    budget.left -= known.text.length + overhead;
    if (budget.left < 0) {
      budget.left = budget.most;
      budget.epoch++;
      return;
    }
    if (this.kept.length === 0) this.kept = new Array<KnownValue | undefined>(places).fill(undefined);
    this.kept[placeOf(known.text)] = known;
  }

  /** Room to remember what items say of a value that came again. */
  answersFor(known: KnownValue, items: number): Uint8Array {
    this.budget.left -= items;
    const answers = new Uint8Array(items);
    known.answers = answers;
    return answers;
  }
}

/** Hashing a whole string costs as much as scanning it: its length and every few characters tell values apart. */
function placeOf(text: string): number {
  const { length } = text;
  const step = length > 512 ? 4 : length > 32 ? 2 : (length >> 3) + 1;
  let hash = length;
  for (let at = length - 1; at >= 0; at -= step) hash = (Math.imul(hash, 31) + text.charCodeAt(at)) | 0;
  return (Math.imul(hash, 0x9e3779b1 | 0) >>> 16) & (places - 1);
}
