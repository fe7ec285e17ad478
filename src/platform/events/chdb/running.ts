import { setTimeout as pause } from 'node:timers/promises';
import type { Connection } from './connection.ts';

const againMilliseconds = 50;

/** Reads that are on their way, by the name in their text, so that one nobody waits for can be stopped in the engine. */
export class Running {
  readonly #control: Connection;
  readonly #names = new Set<string>();

  /** @param control a session of its own, on which nothing is read */
  constructor(control: Connection) {
    this.#control = control;
  }

  async run<T>(name: string, read: Promise<T>): Promise<T> {
    this.#names.add(name);
    try {
      return await read;
    } finally {
      this.#names.delete(name);
    }
  }

  /** Resolves when the read has ended. Asks again while it has not: it may not have come to the engine the first time. */
  async cancel(name: string): Promise<void> {
    while (this.#names.has(name)) {
      await this.#control.run(
        "KILL QUERY WHERE position(query, {name:String}) > 0 AND NOT startsWith(query, 'KILL') ASYNC FORMAT Null",
        { name },
      );
      await pause(againMilliseconds);
    }
  }
}
