import { z } from 'zod';
import { newOrganisation, organisation } from '#contract/community';
import type { Command } from './command.ts';

const tenancy = z.object({ id: z.string() });

export const command: Command = {
  name: 'organisation add',
  summary: 'Add a customer or partner, with a tenancy in each environment named.',
  args: 'ID',
  options: {
    name: { value: 'NAME', about: 'As people know it.', required: true },
    kind: { value: 'KIND', about: 'customer (as if left out) or partner.' },
    environment: { value: 'ID', about: 'Gives it a tenancy there. Can be repeated.', many: true },
  },
  examples: ['ironbark organisation add acme --name "Acme Water" --environment odce --environment pdce'],
  async run({ args, text, texts, server, show }) {
    const body = newOrganisation.parse({ id: args[0], name: text('name'), kind: text('kind') ?? 'customer' });
    const api = server();
    const made = await api.send('POST', '/api/community/organisations', { json: body }, organisation);
    const tenancies: string[] = [];
    for (const environment of texts('environment')) {
      const json = { organisation: made.id, environment };
      tenancies.push((await api.send('POST', '/api/community/tenancies', { json }, tenancy)).id);
    }
    show(
      { ...made, tenancies },
      () => `${made.name} was added${tenancies.length > 0 ? `, with ${tenancies.join(', ')}` : ''}.`,
    );
  },
};
