import type { Office } from './contract.ts';

/** As people say it. */
export const officeName: Readonly<Record<Office, string>> = {
  cio: 'CIO',
  ciso: 'CISO',
  coo: 'COO',
  'security-officer': 'security officer',
  approver: 'approver of support',
  'risk-owner': 'risk owner',
};
