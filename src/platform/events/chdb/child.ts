import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { EngineFault } from '../engine-errors.ts';
import { EventsNewer, EventsUnavailable } from '../errors.ts';
import type { Request, Response } from './messages.ts';

type Body<T> = T extends unknown ? Omit<T, 'id'> : never;
export type Answer =
  | { readonly ok: true; readonly answer: string }
  | { readonly ok: false; readonly fault: EngineFault };

const firstPauseMilliseconds = 100;
const longestPauseMilliseconds = 10_000;
/** How long a call waits for a process that is being started again. */
const startMilliseconds = 40_000;

/**
 * The chDB process, kept running: when it dies, calls in flight fail with EventsUnavailable and it is started again,
 * after a pause that doubles while it keeps dying young.
 */
export class ChdbChild {
  readonly #folder: string;
  readonly #log: (message: string) => void;
  readonly #waiting = new Map<number, PromiseWithResolvers<Answer>>();
  #child: ChildProcess | undefined;
  /** Pending while the process starts, however often it has to be started. */
  #ready = Promise.withResolvers<void>();
  #isReady = false;
  #pauseMilliseconds = firstPauseMilliseconds;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;
  #next = 0;

  constructor(folder: string, log: (message: string) => void) {
    this.#folder = folder;
    this.#log = log;
    this.#start();
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Resolves when the process answers. @throws {EventsNewer} {EventsUnavailable} */
  async ready(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new EventsUnavailable('it is not up yet')), startMilliseconds);
    });
    try {
      await Promise.race([this.#ready.promise, late]);
    } finally {
      clearTimeout(timer);
    }
  }

  async call(body: Body<Request>): Promise<Answer> {
    await this.ready();
    const child = this.#child;
    if (child === undefined || this.#closed) throw new EventsUnavailable('it is being stopped');
    const id = ++this.#next;
    const waiting = Promise.withResolvers<Answer>();
    this.#waiting.set(id, waiting);
    child.send({ ...body, id });
    return waiting.promise;
  }

  /** Waits for calls in flight. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await Promise.allSettled([...this.#waiting.values()].map((waiting) => waiting.promise)); // made in `call`
    const child = this.#child;
    if (child === undefined || child.exitCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.disconnect();
    await ended;
  }

  #start(): void {
    // Without the parent's own flags: a debugger or a test runner in there would start a second time.
    const child = fork(fileURLToPath(new URL('chdb-process.ts', import.meta.url)), [this.#folder], {
      serialization: 'advanced',
      execArgv: [],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    const startedAt = Date.now();
    let lastWords = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      lastWords = (lastWords + chunk.toString()).slice(-2000);
    });
    child.on('message', (response: Response) => this.#hear(response));
    // A send to a process that just died; its exit tells the rest.
    child.on('error', () => undefined);
    child.once('exit', (code, signal) => {
      if (this.#child !== child) return;
      this.#child = undefined;
      this.#fail(`its process ended (${signal ?? code})`);
      if (this.#closed) return;
      this.#log(`event store process ended (${signal ?? code}), starting it again: ${lastWords}`);
      if (Date.now() - startedAt > 60_000) this.#pauseMilliseconds = firstPauseMilliseconds;
      this.#timer = setTimeout(() => this.#start(), this.#pauseMilliseconds);
      this.#pauseMilliseconds = Math.min(this.#pauseMilliseconds * 2, longestPauseMilliseconds);
    });
    this.#child = child;
  }

  #hear(response: Response): void {
    if (response.kind === 'ready') {
      this.#isReady = true;
      return this.#ready.resolve();
    }
    if (response.kind === 'newer') {
      this.#closed = true;
      return this.#ready.reject(new EventsNewer(response.found));
    }
    const waiting = this.#waiting.get(response.id);
    this.#waiting.delete(response.id);
    waiting?.resolve(
      response.kind === 'done' ? { ok: true, answer: response.answer } : { ok: false, fault: response.fault },
    );
  }

  #fail(why: string): void {
    const error = new EventsUnavailable(why);
    for (const waiting of this.#waiting.values()) waiting.reject(error);
    this.#waiting.clear();
    if (this.#closed || !this.#isReady) return;
    this.#isReady = false;
    this.#ready = Promise.withResolvers();
  }
}
