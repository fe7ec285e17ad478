import { newUser, userCreated } from '#contract/identity';
import type { Command } from './command.ts';

export const command: Command = {
  name: 'user add',
  summary: 'Add a person; prints a one-time sign-in link to hand over.',
  args: 'E-MAIL',
  options: {
    name: { value: 'NAME', about: 'As colleagues know them.', required: true },
    role: {
      value: 'ROLE',
      about:
        'administrator, analyst, shift-lead, auditor, customer-security-officer, officer, approver, support-engineer or member. Can be repeated.',
      many: true,
      required: true,
    },
    organisation: { value: 'ID', about: 'Whose they are.', required: true },
    tenancy: {
      value: 'ID',
      about: 'Only this one of the tenancies they could see. Can be repeated.',
      many: true,
    },
  },
  examples: ['ironbark user add jo@wattle.example --name "Jo Nguyen" --role analyst --organisation wattle'],
  async run({ args, text, texts, server, show }) {
    const body = newUser.parse({
      email: args[0],
      name: text('name'),
      roles: texts('role'),
      organisation: text('organisation'),
      tenancies: texts('tenancy'),
    });
    const made = await server().send('POST', '/api/users', { json: body }, userCreated);
    show(made, () => [`${made.user.name} was added. The link works once, for a week:`, `  ${made.link}`]);
  },
};
