import type { Client } from './client.ts';

/** An option, by its long name without the dashes. */
export type Option = {
  readonly about: string;
  /** What its value is called in the help (`FILE`); left out for a switch. */
  readonly value?: string;
  /** May be given several times. */
  readonly many?: boolean;
  readonly required?: boolean;
};

/** One command: one file, exported as `command` and listed in commands.ts. */
export type Command = {
  /** As typed: `up`, `source add`. */
  readonly name: string;
  readonly summary: string;
  /** The arguments as the help shows them: `FILE...`, `ID`; [brackets] for what may be left out. */
  readonly args?: string;
  readonly options?: Readonly<Record<string, Option>>;
  /** Whole lines for the help, where the options do not say it all. */
  readonly notes?: readonly string[];
  /** Each a whole line that works: `ironbark source add fw1 --tenancy acme-odce`. */
  readonly examples: readonly [string, ...string[]];
  /** @returns the exit code, 0 when it returns nothing. @throws {UsageError} {AppError} */
  run(call: Call): Promise<number | undefined | void>;
};

/** What a command is given. */
export type Call = {
  readonly args: readonly string[];
  /** An option's value. @throws {UsageError} when it is required and missing */
  readonly text: (name: string) => string | undefined;
  readonly texts: (name: string) => readonly string[];
  readonly on: (name: string) => boolean;
  /** `--json` was given: print with `show`, and nothing else on standard output. */
  readonly json: boolean;
  /** One result: as JSON with `--json`, else the lines. */
  readonly show: (value: unknown, lines: () => string | readonly string[]) => void;
  /** A remark for the person, on standard error; not with `--json`. */
  readonly remark: (text: string) => void;
  readonly io: Io;
  /** The running server, as this machine's administrator or with IRONBARK_TOKEN. @throws {NoServer} */
  readonly server: () => Client;
  /** Aborts with Ctrl-C. */
  readonly signal: AbortSignal;
};

/** The world outside the command line; tests bring their own. */
export type Io = {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The project's folder. */
  readonly root: string;
  readonly stdin: NodeJS.ReadableStream & { isTTY?: boolean };
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** Standard error is a terminal, so that progress can be drawn on it. */
  readonly terminal?: boolean;
};

/** SOURCE: none; ours, documented in docs/cli.md. */
export const exitCodes = { done: 0, failed: 1, usage: 2, noServer: 3, refused: 4, interrupted: 130 } as const;
