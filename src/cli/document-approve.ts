import { documentDetail } from '#contract/governance/policies';
import { at, query } from './client.ts';
import type { Command } from './command.ts';

export const command: Command = {
  name: 'document approve',
  summary: 'Approve a version, as who holds the office and did not write it (with your own IRONBARK_TOKEN).',
  args: 'ID VERSION',
  options: { from: { value: 'TIME', about: 'When it becomes effective; now when left out.' } },
  examples: ['ironbark document approve system-usage-policy 2 --from 2027-01-01T00:00:00Z'],
  async run({ args: [id = '', number = ''], text, server, show }) {
    const api = server();
    const read = await api.get(`${at`/api/documents/${id}`}${query({ version: number })}`, documentDetail);
    const json = { sha256: read.shown.sha256, effectiveAt: text('from') };
    const one = await api.send(
      'POST',
      at`/api/documents/${id}/versions/${number}/approval`,
      { json },
      documentDetail,
    );
    show(one, () => `${one.title}: version ${number} is approved.`);
  },
};
