import { clearance, clearanceInput } from '#contract/community/clearances';
import { at } from './client.ts';
import type { Command } from './command.ts';
import { findPerson } from './community-people.ts';

export const command: Command = {
  name: 'clearance set',
  summary: 'Record a clearance as it stands; what was before stays in the history.',
  args: 'E-MAIL|ID',
  options: {
    level: { value: 'LEVEL', about: 'none, baseline, nv1, nv2 or pv.', required: true },
    status: {
      value: 'STATUS',
      about: 'active (as if left out), ceased, suspended, cancelled or review-for-cause.',
    },
    sponsor: { value: 'NAME', about: 'Who sponsors it.', required: true },
    'sponsor-ended': { about: 'The sponsor does not sponsor it any more.' },
    granted: { value: 'DAY', about: 'Like 2024-05-31.' },
    'revalidation-due': { value: 'DAY', about: 'Like 2034-05-31.' },
    citizenship: { value: 'CODE', about: 'AU and the like. Can be repeated.', many: true, required: true },
    waiver: { value: 'TEXT', about: 'The risk assessment a citizenship was waived for.' },
    'waiver-until': { value: 'TIME', about: 'When the waiver ends: 2027-01-01T00:00:00Z.' },
  },
  examples: [
    'ironbark clearance set jo@wattle.example --level nv1 --sponsor "Wattle" --granted 2024-05-31 --citizenship AU',
  ],
  async run({ args, text, texts, on, server, show }) {
    const json = clearanceInput.parse({
      level: text('level'),
      status: text('status') ?? 'active',
      sponsor: text('sponsor'),
      sponsorActive: !on('sponsor-ended'),
      grantedOn: text('granted') ?? null,
      revalidationDueOn: text('revalidation-due') ?? null,
      citizenships: texts('citizenship'),
      waiver: text('waiver') ?? null,
      waiverUntil: text('waiver-until') ?? null,
    });
    const api = server();
    const { id } = await findPerson(api, args[0] ?? '');
    const set = await api.send('PUT', at`/api/clearances/${id}`, { json }, clearance);
    show(set, () => [
      `${set.person.name}: ${set.level}, ${set.status}. ${set.usable ? 'It counts.' : 'It does not count yet.'}`,
      ...set.why.map(({ text: why }) => `  ${why}`),
    ]);
  },
};
