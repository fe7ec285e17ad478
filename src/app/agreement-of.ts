import { agreementState } from '#community/agreements';
import type { AgreementOf } from '#community/organisations';

/** What organisations show and commence by, from the agreements. */
export const agreementOf: AgreementOf = async (tx, organisation, environment, at) => {
  const { state, version, until } = await agreementState(tx, organisation, environment, at);
  return {
    state,
    version: version === null ? null : String(version),
    until: until?.toISOString() ?? null,
  };
};
