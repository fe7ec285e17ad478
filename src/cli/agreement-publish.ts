import { readFileSync } from 'node:fs';
import { newVersion, type PolicyVersion, policyVersion } from '#contract/community/agreements';
import { z } from 'zod';
import type { Command } from './command.ts';
import { UsageError } from './errors.ts';

export const command: Command = {
  name: 'agreement publish',
  summary: 'Draft, approve and publish a version of the community policy, as far as you may by yourself.',
  args: '[FILE]',
  options: {
    class: { value: 'CLASS', about: 'With FILE: editorial, minor, material (as if left out) or urgent.' },
    summary: { value: 'TEXT', about: 'With FILE: what changes, in a sentence.' },
    version: { value: 'N', about: 'Without FILE: the draft or approved version to go on with.' },
    effective: { value: 'TIME', about: 'Takes effect then, not before the notice has passed.' },
    draft: { about: 'Stop after the draft.' },
  },
  notes: [
    'A published version never changes. An urgent one needs a second person: the command stops and says so.',
  ],
  examples: [
    'ironbark agreement publish content/agreements/community-1.md --summary "The first version"',
    'ironbark agreement publish --version 2 --effective 2027-03-01T00:00:00Z',
  ],
  async run({ args, text, on, server, show }) {
    const api = server();
    const [file] = args;
    let number = Number(text('version'));
    if (file !== undefined) {
      const json = newVersion.parse({
        source: readFileSync(file, 'utf8'),
        changeClass: text('class') ?? 'material',
        summary: text('summary') ?? 'A new version',
      });
      ({ number } = await api.send('POST', '/api/agreements/versions', { json }, policyVersion));
    }
    if (!Number.isSafeInteger(number) || number < 1)
      throw new UsageError('Give a FILE, or --version N of a draft that is there.');
    const step = (what: string, json: object) =>
      api.send('POST', `/api/agreements/versions/${number}/${what}`, { json }, policyVersion);
    let made = await api
      .get(`/api/agreements/versions/${number}`, versionOnly)
      .then(({ version }) => version);
    if (!on('draft')) {
      if (made.state === 'draft') made = await step('approval', {});
      const effectiveAt = text('effective');
      if (made.state === 'approved')
        made = await step('publication', { ...(effectiveAt !== undefined && { effectiveAt }) });
    }
    show(made, () => told(made));
    return made.state === 'published' || on('draft') ? 0 : 1;
  },
};

const versionOnly = z.object({ version: policyVersion });

function told(made: PolicyVersion): string {
  if (made.state === 'draft')
    return `Version ${made.number} is a draft, approved by ${made.approvals.length}: a second person has to approve it.`;
  if (made.state === 'approved') return `Version ${made.number} is approved.`;
  return `Version ${made.number} is published, takes effect ${made.effectiveAt}${made.mandatoryAt === null ? '' : `, and has to be agreed to before ${made.mandatoryAt}`}.`;
}
