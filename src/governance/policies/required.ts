import type { DocumentKind } from './contract.ts';

/** A document that the ISM asks for, with a template in content/documents/<key>.md. */
export type Required = {
  readonly key: string;
  readonly title: string;
  readonly kind: DocumentKind;
  /** One for each system, or one for the organisation. */
  readonly perSystem: boolean;
  /** SOURCE: the ISM's control ids; what they say is in the edition that is imported. */
  readonly controls: readonly string[];
  readonly why: string;
};

export const requiredDocuments: readonly Required[] = [
  {
    key: 'system-security-plan',
    title: 'System security plan',
    kind: 'plan',
    perSystem: true,
    controls: ['ism-0041'],
    why: 'What the system is for, where it ends, how it is run, and how each control is met.',
  },
  {
    key: 'incident-response-plan',
    title: 'Cyber security incident response plan',
    kind: 'plan',
    perSystem: true,
    controls: ['ism-0043', 'ism-0576'],
    why: 'What an incident is, who decides, who is told and by when, and what is done for each kind.',
  },
  {
    key: 'continuous-monitoring-plan',
    title: 'Continuous monitoring plan',
    kind: 'plan',
    perSystem: true,
    controls: ['ism-1163', 'ism-1526'],
    why: 'Scans at least every two weeks, assessments before deployment and every year, and what is done with what they find.',
  },
  {
    key: 'change-and-configuration-management-plan',
    title: 'Change and configuration management plan',
    kind: 'plan',
    perSystem: true,
    controls: ['ism-0912', 'ism-1211'],
    why: 'Baselines, what is routine and what is urgent, who is asked, who approves, who is told.',
  },
  {
    key: 'cyber-security-strategy',
    title: 'Cyber security strategy',
    kind: 'plan',
    perSystem: false,
    controls: ['ism-0039'],
    why: 'Where cyber security is going, why, and how anybody will know.',
  },
  {
    key: 'incident-management-policy',
    title: 'Cyber security incident management policy',
    kind: 'policy',
    perSystem: false,
    controls: ['ism-0576', 'ism-1784'],
    why: 'Who manages incidents, with what authority, and that it is exercised every year.',
  },
  {
    key: 'system-usage-policy',
    title: 'System usage policy',
    kind: 'policy',
    perSystem: false,
    controls: ['ism-1864'],
    why: 'What people may do on our systems, what they must not, and what is watched.',
  },
  {
    key: 'event-logging-policy',
    title: 'Event logging policy',
    kind: 'policy',
    perSystem: false,
    controls: ['ism-0580'],
    why: 'What is logged, for how long, who looks at it and how fast.',
  },
  {
    key: 'patch-management-procedure',
    title: 'Patch management procedure',
    kind: 'procedure',
    perSystem: false,
    controls: ['ism-1143'],
    why: 'How a fix gets from its publication to every machine within its deadline.',
  },
  {
    key: 'backup-and-restoration-procedure',
    title: 'Backup and restoration procedure',
    kind: 'procedure',
    perSystem: false,
    controls: ['ism-1547', 'ism-1548'],
    why: 'What is backed up, how long it is kept, who can touch it, and how a restoration is tested.',
  },
];
