import type { Scope } from '#platform/scope';
import { scopeKey } from '#platform/scope';
import { readerSettings } from '../guard.ts';
import type { Connection } from './connection.ts';

export type Read = {
  /** A name that is in its text and in no other's. */
  readonly name: string;
  readonly scope: Scope | 'system';
  readonly maxSeconds: number;
  readonly sql: string;
  readonly params: Readonly<Record<string, unknown>>;
};

type Reader = { readonly key: string; readonly connection: Connection };

/**
 * Readonly sessions, each bound to one scope and time limit for its whole life, kept while they are used.
 * INVARIANT: a session runs one statement at a time, and after one that failed it is closed, never used again.
 */
export class Readers {
  readonly #open: () => Connection;
  readonly #most: number;
  /** Least recently used first. */
  #idle: Reader[] = [];

  /** @param most idle sessions kept */
  constructor(open: () => Connection, most = 16) {
    this.#open = open;
    this.#most = most;
  }

  async read(read: Read): Promise<string> {
    const key = `${read.maxSeconds} ${read.scope === 'system' ? '' : scopeKey(read.scope)}`;
    const reader = this.#take(key) ?? (await this.#bind(key, read));
    try {
      const answer = await reader.connection.run(read.sql, read.params);
      await this.#keep(reader);
      return answer;
    } catch (error) {
      await reader.connection.close();
      throw error;
    }
  }

  async close(): Promise<void> {
    const idle = this.#idle;
    this.#idle = [];
    for (const { connection } of idle) await connection.close();
  }

  #take(key: string): Reader | undefined {
    const at = this.#idle.findLastIndex((reader) => reader.key === key);
    return at < 0 ? undefined : this.#idle.splice(at, 1)[0];
  }

  async #keep(reader: Reader): Promise<void> {
    this.#idle.push(reader);
    if (this.#idle.length > this.#most) await this.#idle.shift()?.connection.close();
  }

  /** Settings stick to a session, and readonly=1, set last, can not be undone in it. */
  async #bind(key: string, { scope, maxSeconds }: Read): Promise<Reader> {
    const connection = this.#open();
    try {
      await connection.run(`USE ${database}`);
      for (const [name, value] of Object.entries(readerSettings(scope, maxSeconds)))
        await connection.run(`SET ${name} = ${value}`);
      await connection.run('SET readonly = 1');
      return { key, connection };
    } catch (error) {
      await connection.close();
      throw error;
    }
  }
}

/** Atomic, not the engine's default Overlay, which refuses some kinds of view. */
export const database = 'ironbark';
