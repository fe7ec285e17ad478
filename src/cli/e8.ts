import { maturityDetail } from '#contract/essential-eight';
import { at as path } from './client.ts';
import type { Call, Command } from './command.ts';
import { fromFiles } from './e8/files.ts';
import { type Told, lines } from './e8/told.ts';
import { UsageError } from './errors.ts';

/** SOURCE: none; ours, documented in docs/cli.md. */
const metCodes = { yes: 0, no: 10, unknown: 11 } as const;

export const command: Command = {
  name: 'e8',
  summary: 'How mature by the Essential Eight: of an environment, or of files without a system.',
  args: '[FILE...]',
  options: {
    environment: { value: 'ID', about: 'Of an environment of the running system: odce or pdce.' },
    answers: {
      value: 'FILE',
      about: 'How controls were answered: CSV or JSON of control and status, or an SSP annex (.xlsx).',
    },
    target: { value: '1-3', about: 'The level to reach, with files; left out: 2.' },
    'collected-at': {
      value: 'TIME',
      about: 'When the files were collected, where they do not say; left out: now.',
    },
    gaps: { about: 'List every control that the target lacks; without it the first 10.' },
  },
  notes: [
    'FILEs are evidence in the formats of docs/essential-eight.md: their own look says what they are.',
    'What nothing here tells is unknown: it never counts as met.',
    'Exit codes: 0 the target is met, 10 it is not, 11 nobody can tell, 2 wrong usage.',
  ],
  examples: [
    'ironbark e8 --environment odce',
    'ironbark e8 hosts.csv signIns.json ca-policies.json pc1.reg --target 1 --json',
    'ironbark e8 --answers annex.xlsx --gaps',
  ],
  async run(call) {
    const told = await tell(call);
    call.show(told, () => lines(told, call.on('gaps')));
    return metCodes[told.met];
  },
};

async function tell(call: Call): Promise<Told> {
  const { args, text, server } = call;
  const environment = text('environment');
  const local = args.length > 0 || text('answers') !== undefined;
  if (environment !== undefined && local)
    throw new UsageError('Give either --environment, or files and answers: not both.');
  if (local) return fromFiles(call);
  if (environment === undefined)
    throw new UsageError('Say --environment odce, or name files of evidence, or give --answers.');
  return server().get(path`/api/essential-eight/${environment}`, maturityDetail);
}
