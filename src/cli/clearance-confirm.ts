import { clearance, confirmation } from '#contract/community/clearances';
import { at } from './client.ts';
import type { Command } from './command.ts';
import { findPerson } from './community-people.ts';

export const command: Command = {
  name: 'clearance confirm',
  summary: 'Record that a clearance was confirmed with its sponsor; it counts for a year.',
  args: 'E-MAIL|ID',
  options: { evidence: { value: 'TEXT', about: 'Where the answer of the sponsor lies.', required: true } },
  examples: ['ironbark clearance confirm jo@wattle.example --evidence "sponsor portal, 4 May"'],
  async run({ args, text, server, show }) {
    const json = confirmation.parse({ evidence: text('evidence') });
    const api = server();
    const { id } = await findPerson(api, args[0] ?? '');
    const done = await api.send('POST', at`/api/clearances/${id}/confirmation`, { json }, clearance);
    show(done, () => [
      `${done.person.name}: ${done.usable ? 'the clearance counts.' : 'confirmed, and does not count.'}`,
      ...done.why.map(({ text: why }) => `  ${why}`),
    ]);
  },
};
