import type { Tx } from '#platform/records';
import { type AgreementState, stateAt } from './state.ts';
import { factsOf } from './store.ts';

/** The agreement of one organisation in one environment, as recorded; for an unknown one that is `none`. */
export const agreementState = async (
  tx: Tx,
  organisation: string,
  environment: string,
  at: Date,
): Promise<AgreementState> => stateAt(await factsOf(tx, { organisation, environment }), at);
