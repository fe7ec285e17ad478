import { newChange, plannedChange } from '#contract/community/planned-changes';
import { changeLines } from './change-words.ts';
import type { Command } from './command.ts';

export const command: Command = {
  name: 'change request',
  summary: 'Ask for a change of the platform; somebody else has to approve it.',
  args: 'TITLE',
  options: {
    environment: { value: 'ENVIRONMENT', about: 'Where.', required: true },
    plan: { value: 'TEXT', about: 'What is done.', required: true },
    'back-out': { value: 'TEXT', about: 'How it is undone when it goes wrong.', required: true },
    risk: { value: 'RISK', about: 'low, medium or high.', required: true },
    from: { value: 'TIME', about: 'Like 2027-01-01T18:00:00Z.', required: true },
    until: { value: 'TIME', about: 'At most 14 days later; 24 hours for an emergency.', required: true },
    emergency: { value: 'REASON', about: 'Why it can not wait.' },
  },
  notes: ['Needs IRONBARK_TOKEN of a person: the machine itself asks for nothing and approves nothing.'],
  examples: [
    'ironbark change request "Replace edge router" --environment odce --plan "drain, swap, restore" --back-out "swap back" --risk low --from 2027-01-01T18:00:00Z --until 2027-01-01T20:00:00Z',
  ],
  async run({ args, text, server, show }) {
    const json = newChange.parse({
      title: args[0],
      environment: text('environment'),
      plan: text('plan'),
      backOut: text('back-out'),
      risk: text('risk'),
      from: text('from'),
      until: text('until'),
      emergencyReason: text('emergency') ?? null,
    });
    const made = await server().send('POST', '/api/changes', { json }, plannedChange);
    show(made, () => changeLines(made));
  },
};
