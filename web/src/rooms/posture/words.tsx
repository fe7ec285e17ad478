import type { MaturityDetail, MaturitySummary } from '#contract/essential-eight';
import { HealthMark } from '../../parts/marks.tsx';

export type Strategy = MaturitySummary['strategies'][number];
export type Control = MaturityDetail['controls'][number];

/** Short enough to stand under a column. */
export const shortTitle: Readonly<Record<Strategy['strategy'], string>> = {
  'patch-applications': 'Patch applications',
  'patch-operating-systems': 'Patch operating systems',
  'multi-factor-authentication': 'Multi-factor authentication',
  'restrict-administrative-privileges': 'Administrative privileges',
  'application-control': 'Application control',
  'restrict-microsoft-office-macros': 'Office macros',
  'user-application-hardening': 'User application hardening',
  'regular-backups': 'Regular backups',
};

/** 'ML1', and where unknowns could lift it, how far: 'ML0, up to ML3'. */
export const levelWords = ({ level, possible }: { level: number; possible: number }): string =>
  level === possible ? `ML${level}` : `ML${level}, up to ML${possible}`;

export function VerdictMark({ verdict }: { verdict: Control['verdict'] }) {
  if (verdict === 'met') return <HealthMark state="healthy" word="Met" />;
  if (verdict === 'not-met') return <HealthMark state="failing" word="Not met" />;
  if (verdict === 'unknown') return <HealthMark state="unknown" word="Unknown" />;
  return <span className="muted">Not applicable</span>;
}

export const metWords: Readonly<Record<MaturitySummary['met'], string>> = {
  yes: 'the target is met',
  no: 'the target is not met',
  unknown: 'whether the target is met is not known',
};
