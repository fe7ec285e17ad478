/** The eight, in ASD's order. */
export const strategies = [
  { id: 'patch-applications', title: 'Patch applications' },
  { id: 'patch-operating-systems', title: 'Patch operating systems' },
  { id: 'multi-factor-authentication', title: 'Multi-factor authentication' },
  { id: 'restrict-administrative-privileges', title: 'Restrict administrative privileges' },
  { id: 'application-control', title: 'Application control' },
  { id: 'restrict-microsoft-office-macros', title: 'Restrict Microsoft Office macros' },
  { id: 'user-application-hardening', title: 'User application hardening' },
  { id: 'regular-backups', title: 'Regular backups' },
] as const;

export type StrategyId = (typeof strategies)[number]['id'];

export const levels = [1, 2, 3] as const;
/** A level a control is asked for at. */
export type Level = (typeof levels)[number];
/** A level that is reached: ML0 is none of them. */
export type Reached = 0 | Level;
