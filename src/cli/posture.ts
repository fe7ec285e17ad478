import { systemList } from '#contract/governance';
import { type Posture, posture } from '#contract/governance/controls';
import { at, query } from './client.ts';
import type { Command } from './command.ts';
import { table } from './table.ts';

export const command: Command = {
  name: 'posture',
  summary: 'Say how many controls stand how, per system, and what changed.',
  args: '[ENVIRONMENT...]',
  options: { since: { about: 'What changed since; left out: since a day ago.', value: 'TIME' } },
  examples: ['ironbark posture pdce --json'],
  async run({ args, text, server, show }) {
    const { systems } = await server().get('/api/systems', systemList);
    const wanted = args.length > 0 ? args : systems.map(({ environment }) => environment);
    const since = text('since');
    const found: Posture[] = [];
    for (const system of wanted)
      found.push(
        await server().get(
          at`/api/systems/${system}/posture` +
            query({ since: since === undefined ? undefined : new Date(since).toISOString() }),
          posture,
        ),
      );
    show({ systems: found }, () => found.flatMap(linesOf));
  },
};

function linesOf(one: Posture): string[] {
  const heads = [
    'FRAMEWORK',
    'PROFILE',
    'CONTROLS',
    'EFFECTIVE',
    'ALTERNATE',
    'INEFFECTIVE',
    'NOT IMPLEMENTED',
  ];
  return [
    `${one.environment} (${one.marking}), as of ${one.at}`,
    ...table(
      [...heads, 'NO VISIBILITY', 'NOT ASSESSED', 'NOT APPLICABLE', 'RE-AFFIRM', 'OLDEST'],
      one.frameworks.map(({ framework, version, profile, controls, counts, reaffirm, oldest }) => [
        `${framework} ${version}`,
        profile,
        controls,
        counts.Effective,
        counts['Alternate Control'],
        counts.Ineffective,
        counts['Not Implemented'],
        counts['No Visibility'],
        counts['Not Assessed'],
        counts['Not Applicable'],
        reaffirm,
        oldest?.slice(0, 10) ?? null,
      ]),
    ),
    `${one.changed} changes since ${one.since}${one.changed === 0 ? '.' : ':'}`,
    ...one.changes
      .slice(0, 50)
      .map(
        ({ at: when, control, before, status }) =>
          `  ${when} ${control}: ${before ?? 'new'} -> ${status ?? 'gone'}`,
      ),
    '',
  ];
}
