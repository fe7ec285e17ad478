import { z } from 'zod';

/** How a control stands, in the words of ASD's SSP annex. */
export const implementationStatus = z.enum([
  'Not Assessed',
  'Effective',
  'Alternate Control',
  'Ineffective',
  'No Visibility',
  'Not Implemented',
  'Not Applicable',
]);
export type ImplementationStatus = z.infer<typeof implementationStatus>;

/** Who answers for a control, in the words of ASD's SSP annex. */
export const responsibleEntity = z.enum([
  'Cloud Service Provider',
  'Outsourced Service Provider',
  'Consumer',
  'Shared',
  'Not Applicable',
]);
export type ResponsibleEntity = z.infer<typeof responsibleEntity>;

/** What is left to the customer, in the words of ASD's SSP annex. */
export const customerResponsibility = z.enum([
  'Inherited',
  'Configurable',
  'Not Offered',
  'Consumer Responsibility',
  'Not Applicable',
]);
export type CustomerResponsibility = z.infer<typeof customerResponsibility>;

/** How far evidence carries, from the strongest: the thing itself was seen, something that stands for it, a part of it, or a person says so. */
export const confidence = z.enum(['direct', 'proxy', 'partial', 'attested']);
export type Confidence = z.infer<typeof confidence>;

/** An environment, assessed as a whole. */
export const system = z.object({
  environment: z.string(),
  name: z.string(),
  marking: z.string(),
  /** The provider's internal tenancy there. */
  tenancy: z.string(),
});
export type System = z.infer<typeof system>;

/** GET /api/systems */
export const systemList = z.object({ systems: z.array(system) });
export type SystemList = z.infer<typeof systemList>;
