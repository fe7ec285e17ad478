import { readFileSync } from 'node:fs';
import { documentDetail, newDocument, newVersion } from '#contract/governance/policies';
import { at } from './client.ts';
import type { Command } from './command.ts';
import { findPerson } from './community-people.ts';

export const command: Command = {
  name: 'document add',
  summary: 'Register a document (Markdown) with its first version, or a new version of one that is there.',
  args: 'FILE',
  options: {
    to: { value: 'ID', about: 'A new version of this document.' },
    summary: { value: 'TEXT', about: 'What changed, and why. Needed with --to.' },
    minor: { about: 'A change that nobody has to read again.' },
    kind: { value: 'KIND', about: 'policy, standard, plan or procedure.' },
    title: { value: 'TITLE', about: 'What it is called.' },
    owner: { value: 'E-MAIL|ID', about: 'A person of the provider, who keeps it current.' },
    id: { value: 'ID', about: 'Made from the title when left out.' },
    environment: {
      value: 'ID',
      about: 'A system it is for. Can be repeated; left out: the organisation.',
      many: true,
    },
    control: { value: 'ID', about: 'A control it is for: ism-0041. Can be repeated.', many: true },
    required: { value: 'KEY', about: 'Which required document it is: ironbark document list --required.' },
    everybody: { about: 'Everybody of the provider is to read it.' },
    office: { value: 'OFFICE', about: 'Who holds this office is to read it. Can be repeated.', many: true },
    reader: { value: 'E-MAIL|ID', about: 'This person is to read it. Can be repeated.', many: true },
    'review-months': { value: 'N', about: '1 to 12; 12 when left out.' },
  },
  examples: [
    'ironbark document add usage.md --kind policy --title "System usage policy" --owner jo@wattle.example --everybody',
    'ironbark document add usage.md --to system-usage-policy --summary "Media are forbidden now."',
  ],
  async run({ args: [file = ''], text, texts, on, server, show }) {
    const api = server();
    const body = readFileSync(file, 'utf8');
    const to = text('to');
    if (to !== undefined) {
      const json = newVersion.parse({ text: body, summary: text('summary'), minor: on('minor') });
      const one = await api.send('POST', at`/api/documents/${to}/versions`, { json }, documentDetail);
      return show(one, () => `${one.title}: version ${one.next?.number ?? '?'} waits for approval.`);
    }
    const person = async (who: string): Promise<string> => (await findPerson(api, who)).id;
    const readers: string[] = [];
    for (const who of texts('reader')) readers.push(await person(who));
    const months = text('review-months');
    const json = newDocument.parse({
      id: text('id'),
      kind: text('kind'),
      title: text('title'),
      owner: await person(text('owner') ?? ''),
      environments: texts('environment'),
      controls: texts('control'),
      required: text('required') ?? null,
      audience: { everybody: on('everybody'), offices: texts('office'), people: readers },
      ...(months !== undefined && { reviewMonths: Number(months) }),
      ...(text('summary') !== undefined && { summary: text('summary') }),
      text: body,
    });
    const one = await api.send('POST', '/api/documents', { json }, documentDetail);
    show(one, () => `${one.id}: registered. It holds once it is approved.`);
  },
};
