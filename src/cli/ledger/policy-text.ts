import type { LedgerLog } from '#contract/ledger';

/** A policy of the log's keys as it tells them itself, without witnesses. */
export const policyText = ({ origin, keys }: Pick<LedgerLog, 'origin' | 'keys'>): string =>
  [
    `# Keys that ${origin ?? 'the ledger'} says it has. Compare them with what its owner told you in another way.`,
    ...keys.map(({ vkey }) => `log ${vkey}`),
    '# No witness: this holds only against those without the key.',
    'quorum none',
    '',
  ].join('\n');
