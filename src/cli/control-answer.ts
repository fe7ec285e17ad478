import { controlDetail, type AnswerInput } from '#contract/governance/controls';
import { implementationStatus } from '#contract/governance';
import { at } from './client.ts';
import type { Command } from './command.ts';
import { UsageError } from './errors.ts';

export const command: Command = {
  name: 'control answer',
  summary: 'Answer a control; what was answered before is kept.',
  args: 'ENVIRONMENT CONTROL',
  options: {
    status: { about: implementationStatus.options.join(', '), value: 'STATUS', required: true },
    narrative: { about: 'How it is met, or why not.', value: 'TEXT' },
    evidence: { about: 'It rests on what evaluators see, not on somebody saying so.' },
    'review-by': { about: 'When it is to be looked at again; left out: in a year.', value: 'DATE' },
  },
  notes: ['Left out, the owner and who is responsible stay as they are.'],
  examples: [
    'ironbark control answer pdce ism-1504 --status Effective --narrative "Passkeys for everybody."',
  ],
  async run({ args: [system = '', id = ''], text, on, server, show }) {
    const words = text('status') ?? '';
    const status = implementationStatus.options.find((one) => one.toLowerCase() === words.toLowerCase());
    if (status === undefined)
      throw new UsageError(`"${words}" is none of ${implementationStatus.options.join(', ')}.`);
    const path = at`/api/systems/${system}/controls/${id}`;
    const { answer } = await server().get(path, controlDetail);
    const review = text('review-by');
    const json: AnswerInput = {
      status,
      narrative: text('narrative') ?? answer?.narrative ?? '',
      rests: on('evidence') ? 'evidence' : 'attested',
      evaluators: [],
      reviewBy: review === undefined ? null : dayEnd(review),
      reliedUpon: answer?.reliedUpon ?? null,
      owner: answer?.owner?.id ?? null,
      responsible: answer?.responsible ?? null,
      customer: answer?.customer ?? null,
    };
    const after = await server().send('PUT', `${path}/answer`, { json }, controlDetail);
    show(after, () => `${after.control.label} stands as "${after.control.status}". ${after.control.because}`);
  },
};

function dayEnd(text: string): string {
  const date = new Date(/^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T23:59:59Z` : text);
  if (Number.isNaN(date.getTime())) throw new UsageError(`"${text}" is no date like 2027-06-30.`);
  return date.toISOString();
}
