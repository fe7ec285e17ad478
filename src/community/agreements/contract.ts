import { z } from 'zod';

export const agreementStateName = z.enum([
  'none',
  'invited',
  'reviewing',
  'accepted',
  'superseded-in-grace',
  'lapsed',
  'withdrawn',
  'suspended',
  'terminated',
]);
export type AgreementStateName = z.infer<typeof agreementStateName>;

/** editorial: notice only; minor: acknowledge; material: read and sign again; urgent: the same, at once. */
export const changeClass = z.enum(['editorial', 'minor', 'material', 'urgent']);
export type ChangeClass = z.infer<typeof changeClass>;
