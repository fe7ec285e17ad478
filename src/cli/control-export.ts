import { writeFile } from 'node:fs/promises';
import { at } from './client.ts';
import type { Command } from './command.ts';
import { UsageError } from './errors.ts';

export const command: Command = {
  name: 'control export',
  summary: 'Write every control of a system, its answer and how it stands, as CSV.',
  args: 'ENVIRONMENT [FILE]',
  examples: ['ironbark control export pdce controls.csv'],
  async run({ args: [system = '', file], server, show, io }) {
    const bytes = await server().bytes(at`/api/systems/${system}/answers.csv`);
    if (bytes === undefined) throw new UsageError(`There is no system "${system}" that you may see.`);
    if (file === undefined) return io.out(bytes.toString('utf8'));
    await writeFile(file, bytes);
    show({ file, bytes: bytes.length }, () => `Wrote ${file}.`);
  },
};
