import { newPerson, person } from '#contract/community/organisations';
import type { Command } from './command.ts';

export const command: Command = {
  name: 'person add',
  summary: 'Add a person to an organisation; an account with the same address is linked.',
  args: 'E-MAIL',
  options: {
    organisation: { value: 'ID', about: 'Whose they are.', required: true },
    name: { value: 'NAME', about: 'As colleagues know them.', required: true },
    'screened-until': { value: 'DAY', about: 'Until when employment screening is attested: 2027-06-30.' },
    'baseline-until': { value: 'DAY', about: 'Until when a Baseline clearance is attested.' },
  },
  examples: ['ironbark person add pat@acme.example --organisation acme --name "Pat Lee"'],
  async run({ args, text, server, show }) {
    const json = newPerson.parse({
      organisation: text('organisation'),
      name: text('name'),
      email: args[0],
      screenedUntil: text('screened-until'),
      baselineUntil: text('baseline-until'),
    });
    const made = await server().send('POST', '/api/persons', { json }, person);
    show(made, () => [
      `${made.name} belongs to ${made.organisation}: ${made.id}`,
      ...(made.userId === null ? ['There is no account with this address yet.'] : []),
    ]);
  },
};
