import { inspect } from 'node:util';
import { AppError } from '#platform/errors';
import { ZodError } from 'zod';
import { type Call, type Command, exitCodes, type Io } from './command.ts';
import { createClient } from './client.ts';
import { commands } from './commands.ts';
import { NoServer, ServerRefused, UsageError } from './errors.ts';
import { findCommand, helpFor, type Parsed, parse } from './parse.ts';
import { findTarget } from './target.ts';

/** Runs one command line. @returns the exit code; nothing is thrown */
export async function runCommandLine(words: readonly string[], io: Io, signal: AbortSignal): Promise<number> {
  const json = words.includes('--json');
  try {
    if (words.length === 0 || ['help', '--help', '-h'].includes(words[0] ?? ''))
      return await help(words.slice(1), io);
    const found = findCommand(words[0] === '--version' ? ['version'] : words, Object.keys(commands));
    if ('unknown' in found) return await unknownCommand(found, words, io);
    const command = await load(found.name);
    const parsed = parse(command, found.rest);
    if (parsed.switches.has('help')) {
      io.out(helpFor(command));
      return exitCodes.done;
    }
    return (await command.run(callOf(parsed, io, signal))) ?? exitCodes.done;
  } catch (error) {
    if (signal.aborted) return exitCodes.interrupted;
    const told = error instanceof ZodError ? badInput(error) : error;
    tell(told, json, io);
    return codeOf(told);
  }
}

async function load(name: string): Promise<Command> {
  const loader = commands[name];
  if (loader === undefined) throw new UsageError(`There is no command "${name}".`);
  return (await loader()).command;
}

function callOf(parsed: Parsed, io: Io, signal: AbortSignal): Call {
  const json = parsed.switches.has('json');
  return {
    args: parsed.args,
    text: (name) => parsed.values.get(name)?.[0],
    texts: (name) => parsed.values.get(name) ?? [],
    on: (name) => parsed.switches.has(name),
    json,
    show(value, lines) {
      if (json) return io.out(`${JSON.stringify(value)}\n`);
      const text = lines();
      io.out(`${typeof text === 'string' ? text : text.join('\n')}\n`);
    },
    remark(text) {
      if (!json) io.err(`${text}\n`);
    },
    io,
    server: () => createClient(findTarget(io)),
    signal,
  };
}

async function help(words: readonly string[], io: Io): Promise<number> {
  const found = findCommand(words, Object.keys(commands));
  if (words.length > 0 && 'name' in found) {
    io.out(helpFor(await load(found.name)));
    return exitCodes.done;
  }
  io.out(await overview(words[0]));
  return exitCodes.done;
}

/** All commands, or those that begin with one word. */
async function overview(group?: string): Promise<string> {
  const names = Object.keys(commands).filter((name) => group === undefined || name.startsWith(`${group} `));
  const width = Math.max(0, ...names.map((name) => name.length)) + 2;
  const lines = await Promise.all(
    names.map(async (name) => `  ${name.padEnd(width)}${(await load(name)).summary}`),
  );
  return [
    'ironbark COMMAND [options]',
    '',
    ...lines,
    '',
    '"ironbark COMMAND --help" shows options and examples. Every command takes --json.',
    'Exit codes: 0 done, 1 failed, 2 wrong usage, 3 no server, 4 refused.',
    '',
  ].join('\n');
}

async function unknownCommand(
  { unknown, suggestion }: { unknown: string; suggestion: string },
  words: readonly string[],
  io: Io,
): Promise<number> {
  const isGroup = Object.keys(commands).some((name) => name.startsWith(`${words[0]} `));
  io.err(
    isGroup && words.length === 1
      ? await overview(words[0])
      : `There is no command "${unknown}".${suggestion} "ironbark help" lists all.\n`,
  );
  return exitCodes.usage;
}

/** What was typed does not fit the contract. */
function badInput(error: ZodError): UsageError {
  const faults = error.issues.map(({ path, message }) =>
    [path.join('.'), message].filter(Boolean).join(': '),
  );
  return new UsageError(faults.join('; '), {}, error);
}

function tell(error: unknown, json: boolean, io: Io): void {
  const code = error instanceof AppError ? error.code : 'internal';
  const detail = error instanceof Error ? error.message : String(error);
  if (json) return io.err(`${JSON.stringify({ code, detail })}\n`);
  io.err(error instanceof AppError ? `${detail} [${code}]\n` : `${inspect(error)}\n`);
}

function codeOf(error: unknown): number {
  if (error instanceof UsageError) return exitCodes.usage;
  if (error instanceof NoServer) return exitCodes.noServer;
  if (error instanceof ServerRefused && (error.status === 401 || error.status === 403))
    return exitCodes.refused;
  return exitCodes.failed;
}
