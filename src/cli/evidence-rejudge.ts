import { rejudged } from '#contract/governance/evidence';
import { type Command, exitCodes } from './command.ts';
import { table } from './table.ts';

export const command: Command = {
  name: 'evidence rejudge',
  summary: 'Judge all evidence anew; or as of an earlier time, which changes nothing.',
  options: {
    environment: { value: 'ID', about: 'The system: odce or pdce.', required: true },
    'as-of': { value: 'TIME', about: 'With the evidence in force then, by the evaluators of today.' },
  },
  examples: ['ironbark evidence rejudge --environment odce --as-of 2026-06-30T00:00:00Z'],
  async run({ text, server, show }) {
    const body = { environment: text('environment'), asOf: text('as-of') ?? null };
    const answer = await server().send('POST', '/api/evidence/rejudge', { json: body }, rejudged);
    show(answer, () => [
      ...table(
        ['CONTROLS', 'THEN', 'NOW', 'BECAUSE'],
        answer.judgements.map((one) => [
          one.controls.join(' '),
          one.saidThen?.status ?? null,
          one.judgement.status,
          one.judgement.because,
        ]),
      ),
      `As of ${answer.asOf}.`,
    ]);
    return exitCodes.done;
  },
};
