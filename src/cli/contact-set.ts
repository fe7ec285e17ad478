import { contactInput, contactList } from '#contract/community/organisations';
import { at } from './client.ts';
import type { Command } from './command.ts';

export const command: Command = {
  name: 'contact set',
  summary: 'Name somebody to call in an incident; the others stay as they are.',
  args: 'ORGANISATION',
  options: {
    severity: { value: 'SEVERITY', about: 'critical, high, medium or low.', required: true },
    topic: { value: 'TEXT', about: 'Only for incidents about this; left out: for all.' },
    rank: { value: 'N', about: 'Who is called first: 1 when left out.' },
    name: { value: 'NAME', about: 'A person or a desk.', required: true },
    phone: { value: 'NUMBER', about: 'Like "+61 2 5550 1234".', required: true },
    email: { value: 'E-MAIL', about: 'Where to write.', required: true },
  },
  examples: [
    'ironbark contact set acme --severity critical --name "Duty desk" --phone "+61 2 5550 1234" --email duty@acme.example',
  ],
  async run({ args, text, server, show }) {
    const given = contactInput.parse({
      severity: text('severity'),
      topic: text('topic') ?? '',
      rank: Number(text('rank') ?? 1),
      name: text('name'),
      phone: text('phone'),
      email: text('email'),
    });
    const api = server();
    const path = at`/api/organisations/${args[0] ?? ''}/contacts`;
    const before = await api.get(path, contactList);
    const others = before.contacts
      .filter(
        (one) => one.severity !== given.severity || one.topic !== given.topic || one.rank !== given.rank,
      )
      .map(({ severity, topic, rank, name, phone, email }) => ({
        severity,
        topic,
        rank,
        name,
        phone,
        email,
      }));
    const done = await api.send('PUT', path, { json: { contacts: [...others, given] } }, contactList);
    show(done, () => `${given.name} is called for ${given.severity} incidents. ${done.why}`);
  },
};
