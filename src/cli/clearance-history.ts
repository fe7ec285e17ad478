import { clearanceHistory } from '#contract/community/clearances';
import { at } from './client.ts';
import type { Command } from './command.ts';
import { findPerson } from './community-people.ts';
import { table } from './table.ts';

export const command: Command = {
  name: 'clearance history',
  summary: 'Show every state a clearance was in, newest first.',
  args: 'E-MAIL|ID',
  examples: ['ironbark clearance history jo@wattle.example'],
  async run({ args, server, show }) {
    const api = server();
    const { id } = await findPerson(api, args[0] ?? '');
    const answer = await api.get(at`/api/clearances/${id}/history`, clearanceHistory);
    show(answer, () =>
      table(
        ['VERSION', 'AT', 'BY', 'CHANGE', 'LEVEL', 'STATUS', 'SPONSOR', 'CONFIRMED'],
        answer.changes.map((one) => [
          one.version,
          one.at,
          one.by,
          one.change,
          one.level,
          one.status,
          one.sponsorActive ? one.sponsor : `${one.sponsor} (ended)`,
          one.confirmedAt?.slice(0, 10) ?? null,
        ]),
      ),
    );
  },
};
