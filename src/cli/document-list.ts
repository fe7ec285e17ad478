import { documentList } from '#contract/governance/policies';
import type { Command } from './command.ts';
import { table } from './table.ts';

export const command: Command = {
  name: 'document list',
  summary: 'List our documents: what holds, when it was last reviewed, who has read it.',
  options: {
    required: { about: 'What is required instead, and what of it is missing.' },
    overdue: { about: 'Only what is past its review, or has readers who are late.' },
  },
  examples: ['ironbark document list --overdue', 'ironbark document list --required'],
  async run({ on, server, show }) {
    const list = await server().get('/api/documents', documentList);
    if (on('required')) {
      const { required } = list;
      return show({ required }, () =>
        table(
          ['KEY', 'SYSTEM', 'STATE', 'DOCUMENT', 'CONTROLS'],
          required.map((one) => [
            one.key,
            one.environment ?? 'organisation',
            one.state,
            one.document,
            one.controls.join(' '),
          ]),
        ),
      );
    }
    const documents = list.documents.filter(
      ({ review, acknowledged }) => !on('overdue') || review.state === 'overdue' || acknowledged.overdue > 0,
    );
    show({ documents }, () =>
      table(
        ['ID', 'KIND', 'TITLE', 'VERSION', 'REVIEW', 'AS AT', 'DUE', 'READ', 'LATE', 'OWNER'],
        documents.map((one) => [
          one.id,
          one.kind,
          one.title,
          one.version,
          one.review.state,
          one.review.currentAsAt?.slice(0, 10) ?? null,
          one.review.dueAt?.slice(0, 10) ?? null,
          `${one.acknowledged.acknowledged}/${one.acknowledged.of}`,
          one.acknowledged.overdue,
          one.owner.name,
        ]),
      ),
    );
  },
};
