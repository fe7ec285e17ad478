import { Worker } from 'node:worker_threads';
import type { LookCosts } from './look-costs.ts';
import type {
  BatchInput,
  BatchOutcome,
  FromWorker,
  LoadedRules,
  RuleInput,
  RuleText,
  ToWorker,
} from './protocol.ts';

export type PoolOptions = {
  readonly workers: number;
  /** Folder of the normaliser's maps. */
  readonly mapsFolder: string;
  readonly rules: RuleInput;
  /** Field maps that the rules go through: `streamPipelines`. Default none. */
  readonly pipelines?: readonly RuleText[];
  /** A batch that takes longer has something in it that must be found: its worker is ended. Default 60 s. */
  readonly batchTimeoutMilliseconds?: number;
  /** Told what the rules cost. */
  readonly costs?: LookCosts;
  /** Of each worker's heap. Default 900 MB. */
  readonly heapMegabytes?: number;
};

/** The worker ended in the middle of a batch: it crashed, ran out of memory, or took too long. */
export class WorkerLost extends Error {
  constructor(why: string, cause?: unknown) {
    super(why, cause === undefined ? undefined : { cause });
    this.name = 'WorkerLost';
  }
}

export type WorkerData = {
  readonly mapsFolder: string;
  readonly rules: RuleInput;
  readonly pipelines: readonly RuleText[];
};

/** Two batches a worker: while it works on one, the next is already with it. */
const inHandPerWorker = 2;

type Job = {
  readonly id: number;
  readonly make: () => BatchInput;
  readonly done: (outcome: BatchOutcome) => void;
  readonly failed: (error: Error) => void;
};
type Hand = {
  readonly worker: Worker;
  /** The thread's, while it lives. */
  readonly number: number;
  readonly jobs: Job[];
  timer: NodeJS.Timeout | undefined;
  retired: boolean;
};

/**
 * Worker threads that all have the same rules. A new rule set gets new workers; the old ones finish what they hold, so
 * that no batch is lost and each is worked by one set only.
 */
export class WorkerPool {
  readonly #options: PoolOptions;
  readonly #waiting: Job[] = [];
  #hands: Hand[] = [];
  #rules: RuleInput;
  #loaded: LoadedRules = { rules: [], correlations: [], rejectedRules: 0 };
  #nextId = 1;
  #closed = false;

  private constructor(options: PoolOptions) {
    this.#options = options;
    this.#rules = options.rules;
  }

  /** Resolves when every worker has compiled the rules. */
  static async open(options: PoolOptions): Promise<WorkerPool> {
    const pool = new WorkerPool(options);
    await pool.reload(options.rules);
    return pool;
  }

  get workers(): number {
    return this.#options.workers;
  }

  get loaded(): LoadedRules {
    return this.#loaded;
  }

  /**
   * Compiles the rules in new workers, then swaps.
   * @throws {WorkerLost} where they can't be loaded; the old set goes on
   */
  async reload(rules: RuleInput): Promise<LoadedRules> {
    const fresh: Hand[] = [];
    try {
      let loaded: LoadedRules | undefined;
      for (const started of await Promise.all(
        Array.from({ length: this.#options.workers }, () => this.#start(rules)),
      )) {
        fresh.push(started.hand);
        loaded = started.loaded;
      }
      this.#loaded = loaded ?? this.#loaded;
    } catch (error) {
      for (const hand of fresh) void hand.worker.terminate();
      throw error;
    }
    const old = this.#hands;
    this.#rules = rules;
    this.#hands = fresh;
    for (const hand of old) this.#retire(hand);
    this.#give();
    return this.#loaded;
  }

  /**
   * @param make builds the batch when a worker takes it: its buffer is handed over and gone afterwards
   * @throws {WorkerLost} when its worker ended before it answered; a new one is already being started
   */
  run(make: () => BatchInput): Promise<BatchOutcome> {
    return new Promise((done, failed) => {
      if (this.#closed) {
        failed(new WorkerLost('The workers are closed.'));
        return;
      }
      this.#waiting.push({ id: this.#nextId++, make, done, failed });
      this.#give();
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    const hands = this.#hands;
    this.#hands = [];
    for (const job of this.#waiting.splice(0)) job.failed(new WorkerLost('The workers are closed.'));
    await Promise.all(hands.map((hand) => hand.worker.terminate()));
  }

  #give(): void {
    for (;;) {
      const hand = this.#hands
        .filter((one) => one.jobs.length < inHandPerWorker)
        .sort((a, b) => a.jobs.length - b.jobs.length)[0];
      const job = hand === undefined ? undefined : this.#waiting.shift();
      if (hand === undefined || job === undefined) return;
      hand.jobs.push(job);
      const batch = job.make();
      const message: ToWorker = { kind: 'batch', id: job.id, batch };
      hand.worker.postMessage(message, [batch.bytes]);
      if (hand.jobs.length === 1) this.#watch(hand);
    }
  }

  #watch(hand: Hand): void {
    clearTimeout(hand.timer);
    if (hand.jobs.length === 0) return;
    const limit = this.#options.batchTimeoutMilliseconds ?? 60_000;
    hand.timer = setTimeout(() => this.#lose(hand, `The worker did not answer within ${limit} ms.`), limit);
    hand.timer.unref();
  }

  async #start(rules: RuleInput): Promise<{ hand: Hand; loaded: LoadedRules }> {
    const { mapsFolder, pipelines = [] } = this.#options;
    const workerData: WorkerData = { mapsFolder, rules, pipelines };
    const worker = new Worker(new URL('./worker.ts', import.meta.url), {
      workerData,
      name: 'detect',
      resourceLimits: { maxOldGenerationSizeMb: this.#options.heapMegabytes ?? 900 },
    });
    const hand: Hand = { worker, number: worker.threadId, jobs: [], timer: undefined, retired: false };
    const loaded = await new Promise<LoadedRules>((ready, failed) => {
      worker.once('error', (error) => failed(new WorkerLost('A worker could not load the rules.', error)));
      worker.once('exit', () => failed(new WorkerLost('A worker ended while it loaded the rules.')));
      worker.once('message', (message: FromWorker) => {
        if (message.kind === 'ready') ready(message.loaded);
      });
    });
    for (const name of ['message', 'error', 'exit']) worker.removeAllListeners(name);
    worker.on('message', (message: FromWorker) => this.#heard(hand, message));
    worker.on('error', (error) =>
      this.#lose(hand, `The worker failed: ${error instanceof Error ? error.message : String(error)}`),
    );
    worker.on('exit', (code) => this.#lose(hand, `The worker ended with code ${code}.`));
    return { hand, loaded };
  }

  #heard(hand: Hand, message: FromWorker): void {
    if (message.kind === 'costs')
      return hand.retired ? undefined : this.#options.costs?.tell(hand.number, message.costs);
    if (message.kind === 'ready') return;
    const at = hand.jobs.findIndex((job) => job.id === message.id);
    const [job] = at < 0 ? [] : hand.jobs.splice(at, 1);
    this.#watch(hand);
    if (message.kind === 'done') job?.done(message.outcome);
    else job?.failed(new WorkerLost(message.message));
    if (hand.retired && hand.jobs.length === 0) void hand.worker.terminate();
    this.#give();
  }

  #retire(hand: Hand): void {
    hand.retired = true;
    this.#options.costs?.forget(hand.number);
    if (hand.jobs.length === 0) void hand.worker.terminate();
  }

  #lose(hand: Hand, why: string): void {
    clearTimeout(hand.timer);
    const jobs = hand.jobs.splice(0);
    const was = this.#hands.indexOf(hand);
    if (was >= 0) this.#hands.splice(was, 1);
    void hand.worker.terminate();
    this.#options.costs?.forget(hand.number);
    if (was >= 0 && !this.#closed) void this.#replace();
    // Only the first was being worked on; the others are untouched, but their bytes went with the worker.
    const [first, ...others] = jobs;
    this.#waiting.unshift(...others);
    first?.failed(new WorkerLost(why));
    this.#give();
  }

  async #replace(): Promise<void> {
    for (let wait = 100; !this.#closed; wait = Math.min(wait * 2, 10_000)) {
      const rules = this.#rules;
      try {
        const { hand } = await this.#start(rules);
        if (rules !== this.#rules || this.#closed) void hand.worker.terminate();
        if (rules === this.#rules && !this.#closed) this.#hands.push(hand);
        this.#give();
        return;
      } catch {
        await new Promise((resolve) => setTimeout(resolve, wait).unref());
      }
    }
  }
}
