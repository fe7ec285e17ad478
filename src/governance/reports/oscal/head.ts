import type { Facts, Head } from '@ironbark/oscal';
import { moment } from '../moment.ts';
import type { SystemState } from '../state.ts';

/** Every namespace of ours begins so. */
export const ownNamespace = 'urn:ironbark:provider:';

/** What every document of a system starts with. @param what 'ssp' @param title 'System security plan' */
export function headOf(state: SystemState, what: string, title: string, more: Partial<Head> = {}): Head {
  const { system, framework, at } = state;
  return {
    namespace: `${ownNamespace}${system.provider.id || 'unnamed'}`,
    key: `${what}/${system.environment}`,
    title: `${title}: ${system.name}`,
    version: moment(at),
    lastModified: at,
    parties: [{ key: 'provider', kind: 'organization', name: system.provider.name }],
    responsible: { 'prepared-by': ['provider'] },
    facts: {
      marking: system.marking,
      framework: framework.title,
      edition: framework.edition,
      baseline: framework.profile,
      ...(framework.hash !== null && { 'catalogue-sha256': framework.hash }),
    },
    ...more,
  };
}

/** Without what is empty: a property has a value. */
export const factsOf = (all: Readonly<Record<string, string | null | undefined>>): Facts =>
  Object.fromEntries(
    Object.entries(all).filter((one): one is [string, string] => typeof one[1] === 'string' && one[1] !== ''),
  );
