import { agreementState } from '#contract/community/agreements';
import type { Command } from './command.ts';

export const command: Command = {
  name: 'agreement withdraw',
  summary: 'Withdraw from an environment, as the CIO or CISO of your organisation.',
  args: 'ENVIRONMENT',
  options: {
    reason: { value: 'TEXT', about: 'Why.', required: true },
    plan: { value: 'TEXT', about: 'How the data is taken out.', required: true },
    effective: { value: 'TIME', about: 'From then on; at once when left out.' },
  },
  notes: ['Needs IRONBARK_TOKEN of a person with an appointment in force. Data is kept to be taken out.'],
  examples: ['ironbark agreement withdraw odce --reason "moving" --plan "export by 30 June"'],
  async run({ args, text, server, show }) {
    const effectiveAt = text('effective');
    const json = {
      environment: args[0],
      do: 'withdraw',
      reason: text('reason'),
      exitPlan: text('plan'),
      ...(effectiveAt !== undefined && { effectiveAt }),
    };
    const state = await server().send('POST', '/api/agreements/notices', { json }, agreementState);
    show(
      state,
      () =>
        `The agreement for ${args[0]} is ${state.state}${state.until === null ? '' : ` (${state.until})`}.`,
    );
  },
};
