import { effect } from '#contract/governance/risk';
import type { Command } from './command.ts';
import { UsageError } from './errors.ts';
import { environment, percent } from './risk/words.ts';
import { table } from './table.ts';

export const command: Command = {
  name: 'risk what-if',
  summary: 'Say what the risk would be without some findings or threats, or with a control at a status.',
  options: {
    ...environment,
    finding: { value: 'ID', about: 'A finding that goes. Can be repeated.', many: true },
    threat: { value: 'ID', about: 'A threat that goes. Can be repeated.', many: true },
    control: { value: 'ID=STATUS', about: 'A control in ASD’s words: patching=Effective.', many: true },
  },
  examples: ['ironbark risk what-if --environment odce --control patch-applications=Effective'],
  async run({ text, texts, server, show }) {
    const controls = texts('control').map((given) => {
      const at = given.lastIndexOf('=');
      if (at < 1) throw new UsageError(`"${given}" is no ID=STATUS.`);
      return { id: given.slice(0, at), status: given.slice(at + 1) };
    });
    const path = `/api/risk/${encodeURIComponent(text('environment') ?? '')}/what-if`;
    const body = { findings: texts('finding'), threats: texts('threat'), controls };
    const found = await server().send('POST', path, { json: body }, effect);
    show(found, () =>
      table(
        ['ASSET', 'LOSS OF', 'BEFORE', 'AFTER'],
        found.differences.map((one) => [one.asset, one.dimension, percent(one.before), percent(one.after)]),
      ),
    );
  },
};
