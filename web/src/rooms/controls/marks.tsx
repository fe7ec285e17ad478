import type { ImplementationStatus } from '#contract/governance';

export const statuses: readonly ImplementationStatus[] = [
  'Effective',
  'Alternate Control',
  'Ineffective',
  'Not Implemented',
  'No Visibility',
  'Not Assessed',
  'Not Applicable',
];

const tone: Readonly<Record<ImplementationStatus, string>> = {
  Effective: 'ok',
  'Alternate Control': 'ok',
  Ineffective: 'critical',
  'Not Implemented': 'high',
  'No Visibility': 'unknown',
  'Not Assessed': 'unknown',
  'Not Applicable': 'muted',
};

/** Shape and word repeat what the colour says. */
export function StatusMark({ status }: { status: ImplementationStatus }) {
  return (
    <span className={`sev ${tone[status]}`}>
      <StatusShape status={status} />
      {status}
    </span>
  );
}

export function StatusShape({ status }: { status: ImplementationStatus }) {
  return (
    <svg
      width="12"
      height="12"
      viewBox="0 0 12 12"
      aria-hidden="true"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.8"
    >
      {status === 'Effective' && <path d="M2 6.5l2.8 2.8L10 3.2" />}
      {status === 'Alternate Control' && <path d="M1 7.5l2 2 3.4-4M6 9.5l5-6.5" />}
      {status === 'Ineffective' && <path d="M2.5 2.5l7 7M9.5 2.5l-7 7" />}
      {status === 'Not Implemented' && <path d="M6 1.5l5 9H1z" />}
      {status === 'No Visibility' && <circle cx="6" cy="6" r="4.4" strokeDasharray="2.6 2" />}
      {status === 'Not Assessed' && <circle cx="6" cy="6" r="4.4" />}
      {status === 'Not Applicable' && <path d="M2.5 6h7" />}
    </svg>
  );
}

export const toneOf = (status: ImplementationStatus): string => tone[status];
