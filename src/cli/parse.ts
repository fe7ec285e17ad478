import { parseArgs } from 'node:util';
import { nearest } from '#platform/config';
import type { Command, Option } from './command.ts';
import { UsageError } from './errors.ts';

/** Every command takes these. */
const everywhere: Readonly<Record<string, Option>> = {
  json: { about: 'Print the result as JSON.' },
  help: { about: 'Show this help.' },
};

export type Parsed = {
  readonly args: readonly string[];
  readonly values: ReadonlyMap<string, readonly string[]>;
  readonly switches: ReadonlySet<string>;
};

/** The command that the first one to three words name, and the words after it. */
export function findCommand(
  words: readonly string[],
  names: readonly string[],
): { name: string; rest: readonly string[] } | { unknown: string; suggestion: string } {
  for (const length of [3, 2, 1]) {
    const name = words.slice(0, length).join(' ');
    if (words.length >= length && names.includes(name)) return { name, rest: words.slice(length) };
  }
  const unknown = words.slice(0, 2).join(' ');
  const suggestion = nearest(unknown, names) || nearest(words[0] ?? '', names);
  return {
    unknown: names.some((name) => name.startsWith(`${words[0]} `)) ? unknown : (words[0] ?? ''),
    suggestion,
  };
}

/** @throws {UsageError} for what the command does not know */
export function parse(command: Command, words: readonly string[]): Parsed {
  const known = { ...command.options, ...everywhere };
  const { tokens } = parseArgs({
    args: [...words],
    options: Object.fromEntries(
      Object.entries(known).map(([name, { value }]) => [
        name,
        { type: value === undefined ? 'boolean' : 'string' } as const,
      ]),
    ),
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const args: string[] = [];
  const values = new Map<string, string[]>();
  const switches = new Set<string>();
  for (const token of tokens) {
    if (token.kind === 'positional') args.push(token.value);
    if (token.kind !== 'option') continue;
    const option = known[token.name];
    if (option === undefined)
      throw new UsageError(
        `${token.rawName} is not an option of "${command.name}".${suggested(token.name, known)}`,
      );
    if (option.value === undefined) {
      if (token.value !== undefined) throw new UsageError(`--${token.name} takes no value.`);
      switches.add(token.name);
      continue;
    }
    if (token.value === undefined)
      throw new UsageError(`--${token.name} needs a value: --${token.name} ${option.value}.`);
    const before = values.get(token.name);
    if (before !== undefined && !option.many) throw new UsageError(`--${token.name} is given twice.`);
    values.set(token.name, [...(before ?? []), token.value]);
  }
  if (!switches.has('help')) checkComplete(command, args, values);
  return { args, values, switches };
}

function checkComplete(
  command: Command,
  args: readonly string[],
  values: ReadonlyMap<string, unknown>,
): void {
  const wanted = command.args?.split(' ') ?? [];
  const needed = wanted.filter((word) => !word.startsWith('['));
  const open = wanted.some((word) => word.includes('...'));
  const missing = needed[args.length];
  if (missing !== undefined) throw new UsageError(`"${command.name}" needs ${missing}.`);
  const extra = args[wanted.length];
  if (!open && extra !== undefined)
    throw new UsageError(`"${command.name}" does not know what to do with "${extra}".`);
  for (const [name, option] of Object.entries(command.options ?? {})) {
    if (option.required && !values.has(name))
      throw new UsageError(`"${command.name}" needs --${name} ${option.value ?? ''}.`);
  }
}

function suggested(name: string, known: Readonly<Record<string, Option>>): string {
  return nearest(
    `--${name}`,
    Object.keys(known).map((option) => `--${option}`),
  );
}

export function helpFor(command: Command): string {
  const options = { ...command.options, ...everywhere };
  const flags = Object.entries(options).map(
    ([name, { value, about, required }]) =>
      [
        `  --${name}${value === undefined ? '' : ` ${value}`}`,
        `${about}${required ? ' Needed.' : ''}`,
      ] as const,
  );
  const width = Math.max(...flags.map(([flag]) => flag.length)) + 2;
  return [
    command.summary,
    '',
    `  ironbark ${[command.name, command.args].filter(Boolean).join(' ')} [options]`,
    '',
    ...flags.map(([flag, about]) => flag.padEnd(width) + about),
    '',
    ...(command.notes ? [...command.notes, ''] : []),
    command.examples.length > 1 ? 'Examples:' : 'Example:',
    ...command.examples.map((example) => `  ${example}`),
    '',
  ].join('\n');
}
