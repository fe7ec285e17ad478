import type { CertificateView, Warning } from '#contract/governance/certificates';
import { HealthMark } from '../../parts/marks.tsx';

export const schemeWord: Readonly<Record<CertificateView['scheme'], string>> = {
  irap: 'IRAP',
  'iso-27001': 'ISO/IEC 27001',
  hosting: 'Hosting certification',
  other: 'Other',
};
export const levelWord = {
  'certified-strategic': 'Certified Strategic',
  'certified-assured': 'Certified Assured',
  uncertified: 'Uncertified',
} as const;

const stateMark = {
  'in-force': ['healthy', 'In force'],
  'not-begun': ['unknown', 'Not begun'],
  expired: ['failing', 'Expired'],
  withdrawn: ['unknown', 'Withdrawn'],
} as const;
export function StateMark({ state }: { state: CertificateView['state'] }) {
  const [mark, word] = stateMark[state];
  return <HealthMark state={mark} word={word} />;
}

const severityMark = {
  breach: ['failing', 'Breach'],
  warning: ['degraded', 'Warning'],
  notice: ['unknown', 'Notice'],
} as const;
export function WarningMark({ severity }: { severity: Warning['severity'] }) {
  const [mark, word] = severityMark[severity];
  return <HealthMark state={mark} word={word} />;
}

const order = ['breach', 'warning', 'notice'] as const;
/** The gravest first. */
export const graver = (a: Warning, b: Warning): number =>
  order.indexOf(a.severity) - order.indexOf(b.severity);
