import { controlDetail } from '#contract/governance/controls';
import { at } from './client.ts';
import type { Command } from './command.ts';
import { plain } from './table.ts';

export const command: Command = {
  name: 'control show',
  summary: 'Show a control: its words, how it stands and why, its evidence and history.',
  args: 'ENVIRONMENT CONTROL',
  examples: ['ironbark control show pdce ism-1504'],
  async run({ args: [system = '', id = ''], server, show }) {
    const one = await server().get(at`/api/systems/${system}/controls/${id}`, controlDetail);
    const { control } = one;
    show(one, () => [
      `${control.label}  ${control.framework} ${control.edition}  ${control.path.map(plain).join(' / ')}`,
      plain(control.statement),
      '',
      `${control.status}: ${plain(control.because)}`,
      ...one.wouldSettle.map((text) => `would settle it: ${plain(text)}`),
      ...one.failing.map(({ subject, why }) => `failing: ${plain(subject)}: ${plain(why)}`),
      ...one.evidence.map(
        (seen) =>
          `evidence ${seen.evaluator}: ${seen.status}, judged ${seen.judgedAt}, until ${seen.validUntil}. ${plain(seen.because)}`,
      ),
      ...one.exceptions.map(
        (asked) => `${asked.kind} ${asked.state} until ${asked.until}: ${plain(asked.reason)}`,
      ),
      ...one.answers.map(
        (answer) =>
          `answer ${answer.version}, ${answer.at}, ${plain(answer.by)}: ${answer.status}. ${plain(answer.narrative)}`,
      ),
    ]);
  },
};
