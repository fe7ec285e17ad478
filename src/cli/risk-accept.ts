import { riskDetail } from '#contract/governance/risk';
import type { Command } from './command.ts';
import { percent } from './risk/words.ts';

export const command: Command = {
  name: 'risk accept',
  summary: 'Accept a risk of the register up to a ceiling, until a date.',
  args: 'RISK',
  options: {
    ceiling: {
      value: 'P',
      about: 'It lapses when the upper end of the interval is above: 0.15.',
      required: true,
    },
    until: { value: 'TIME', about: 'It lapses then: 2027-03-01T00:00:00Z.', required: true },
    why: { value: 'TEXT', about: 'What it is accepted for.', required: true },
  },
  examples: [
    'ironbark risk accept 0198… --ceiling 0.15 --until 2027-03-01T00:00:00Z --why "until the upgrade"',
  ],
  async run({ args, text, server, show }) {
    const body = { ceiling: Number(text('ceiling')), until: text('until'), why: text('why') };
    const path = `/api/risk/register/${encodeURIComponent(args[0] ?? '')}/acceptance`;
    const risk = await server().send('POST', path, { json: body }, riskDetail);
    show(risk, () => [
      `${risk.title}: accepted up to ${percent(body.ceiling)} until ${risk.acceptance?.until ?? ''}.`,
    ]);
  },
};
