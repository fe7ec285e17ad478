import type { ClearanceLevel, ClearanceStatus } from '#contract/community/clearances';

export const levelWord: Readonly<Record<ClearanceLevel, string>> = {
  none: 'None',
  baseline: 'Baseline',
  nv1: 'NV1',
  nv2: 'NV2',
  pv: 'PV',
};
export const statusWord: Readonly<Record<ClearanceStatus, string>> = {
  active: 'Active',
  ceased: 'Ceased',
  suspended: 'Suspended',
  cancelled: 'Cancelled',
  'review-for-cause': 'Under review for cause',
};
export const options = (words: Readonly<Record<string, string>>) =>
  Object.entries(words).map(([value, label]) => ({ value, label }));
