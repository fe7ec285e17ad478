import { Worker } from 'node:worker_threads';
import type { Effect, RiskResult } from '@ironbark/risk';
import { RiskNotRun } from './errors.ts';
import type { Answer, Ask } from './protocol.ts';

/** More than 50,000 assets take; what needs more is refused and the thread with it. */
const memoryMiB = 4096;

type Waiting = { readonly resolve: (answer: Answer) => void; readonly reject: (error: Error) => void };

/** Works out risks, one after the other, in a thread that starts with the first question. */
export class RiskThread {
  #worker: Worker | undefined;
  #next = 1;
  readonly #waiting = new Map<number, Waiting>();

  /** @throws {RiskNotRun} */
  async evaluate(ask: Omit<Ask & { kind: 'evaluate' }, 'kind'>): Promise<RiskResult> {
    const answer = await this.#ask({ ...ask, kind: 'evaluate' });
    if ('result' in answer) return answer.result;
    throw new RiskNotRun('refused' in answer ? answer.refused : 'The thread gave another answer.');
  }

  /** @throws {RiskNotRun} */
  async whatIf(ask: Omit<Ask & { kind: 'what-if' }, 'kind'>): Promise<Effect> {
    const answer = await this.#ask({ ...ask, kind: 'what-if' });
    if ('effect' in answer) return answer.effect;
    throw new RiskNotRun('refused' in answer ? answer.refused : 'The thread gave another answer.');
  }

  async close(): Promise<void> {
    const worker = this.#worker;
    this.#worker = undefined;
    await worker?.terminate();
    this.#fail(new RiskNotRun('The system is closing.'));
  }

  #ask(ask: Ask): Promise<Answer> {
    const worker = (this.#worker ??= this.#start());
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      worker.postMessage({ id, ask });
    });
  }

  #start(): Worker {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), {
      resourceLimits: { maxOldGenerationSizeMb: memoryMiB },
    });
    // Our own worker says nothing else.
    worker.on('message', (answer: Answer) => {
      this.#waiting.get(answer.id)?.resolve(answer);
      this.#waiting.delete(answer.id);
    });
    const ended = (error: Error): void => {
      if (this.#worker === worker) this.#worker = undefined;
      this.#fail(
        new RiskNotRun(
          'The thread that works out risks ended. It starts again with the next run.',
          {},
          error,
        ),
      );
    };
    worker.on('error', ended);
    worker.on('exit', () => ended(new Error('exit')));
    return worker;
  }

  #fail(error: Error): void {
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}
