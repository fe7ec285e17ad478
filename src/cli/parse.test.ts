import { expect, test } from 'vitest';
import type { Command } from './command.ts';
import { UsageError } from './errors.ts';
import { findCommand, helpFor, parse } from './parse.ts';

const names = ['up', 'user add', 'user list', 'source add', 'search'];
const command: Command = {
  name: 'user add',
  summary: 'Add a person.',
  args: 'E-MAIL [NOTE]',
  options: {
    role: { value: 'ROLE', about: 'What they do.', many: true, required: true },
    name: { value: 'NAME', about: 'Their name.' },
    force: { about: 'A switch.' },
  },
  examples: ['ironbark user add a@b.example --role analyst'],
  run: async () => undefined,
};
const refusal = (...words: string[]): string => {
  try {
    parse(command, words);
  } catch (error) {
    if (error instanceof UsageError) return error.message;
  }
  return '';
};

test.each([
  [['user', 'add', 'x'], 'user add', ['x']],
  [['search', 'up'], 'search', ['up']],
])('%j is "%s"', (words, name, rest) => {
  expect(findCommand(words, names)).toEqual({ name, rest });
});

test.each([
  [['user', 'ad'], 'user ad', 'user add'],
  [['serch'], 'serch', 'search'],
])('%j is none, and the nearest is offered', (words, unknown, near) => {
  expect(findCommand(words, names)).toEqual({ unknown, suggestion: ` Did you mean "${near}"?` });
});

test('values, repeated values, switches and arguments come apart', () => {
  const parsed = parse(command, [
    'a@b.example',
    '--role',
    'analyst',
    '--role=auditor',
    '--force',
    '--json',
    '--',
    '--note',
  ]);
  expect(parsed.args).toEqual(['a@b.example', '--note']);
  expect(parsed.values).toEqual(new Map([['role', ['analyst', 'auditor']]]));
  expect([...parsed.switches]).toEqual(['force', 'json']);
});

test.each([
  [['a', '--role', 'x', '--rol', 'y'], '--rol is not an option of "user add". Did you mean "--role"?'],
  [['--role', 'x'], '"user add" needs E-MAIL.'],
  [['a'], '"user add" needs --role ROLE.'],
  [['a', 'b', 'c', '--role', 'x'], '"user add" does not know what to do with "c".'],
  [['a', '--role', 'x', '--name', 'A', '--name', 'B'], '--name is given twice.'],
  [['a', '--role', 'x', '--force=yes'], '--force takes no value.'],
  [['a', '--role'], '--role needs a value: --role ROLE.'],
])('%j is refused', (words, message) => {
  expect(refusal(...words)).toBe(message);
});

test('help needs nothing else, and shows every option and an example', () => {
  expect(parse(command, ['--help']).switches.has('help')).toBe(true);
  const help = helpFor(command);
  for (const word of [
    'Add a person.',
    '--role ROLE',
    'What they do. Needed.',
    '--json',
    'Example:',
    'ironbark user add',
  ])
    expect(help).toContain(word);
});
