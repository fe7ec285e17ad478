import { z } from 'zod';

/**
 * How much a judgement can be worth at most. direct: the thing itself was looked at; proxy: something that goes with it;
 * partial: some of what is asked; attested: somebody says so. From the strongest to the weakest.
 */
export const confidence = z.enum(['direct', 'proxy', 'partial', 'attested']);
export type Confidence = z.infer<typeof confidence>;
