import type { EvidenceKind } from '../importer.ts';

/** What the system knows of itself. It is collected every hour and stands for a day: what stops being collected shows. */
const own = (
  kind: string,
  title: string,
  how: string,
  grows: EvidenceKind['grows'] = 'snapshot',
): EvidenceKind => ({
  kind: `ironbark.${kind}`,
  title,
  how: `${how} Collected by the system every hour.`,
  validDays: 1,
  grows,
  ceiling: 'direct',
});

export const ownKinds: readonly EvidenceKind[] = [
  own(
    'log-sources',
    'Log sources of this system',
    'Each source of events: whether it speaks, and what was taken of it.',
  ),
  own('detection', 'Detection of this system', 'The rules that run, and which of them found something.'),
  own('accounts', 'Accounts of this system', 'Each account: its factors, last use and last review.'),
  own('gate', 'Decisions of the gate', 'How often each action was permitted and denied.', 'stream'),
  own(
    'agreements',
    'Agreements to the community policy',
    'Each customer here: what it agreed to, and whether it holds.',
  ),
  own('ledger', 'The ledger', 'Its size, and which witnesses saw it when.'),
];
