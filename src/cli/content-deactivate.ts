import { rulePack } from '#contract/soc/detect';
import { at } from './client.ts';
import type { Command } from './command.ts';

export const command: Command = {
  name: 'content deactivate',
  summary: 'Take a pack out of work; its versions stay.',
  args: 'ID',
  examples: ['ironbark content deactivate 0199c1f0-7a51-7cc0-a3a5-2f6e1d0b7c11'],
  async run({ args: [id = ''], server, show }) {
    const pack = await server().send(
      'PATCH',
      at`/api/rules/packs/${id}`,
      { json: { active: false } },
      rulePack,
    );
    show(pack, () => `${pack.name} ${pack.version} is not active any more.`);
  },
};
