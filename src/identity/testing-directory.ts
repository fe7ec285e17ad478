import type { CommunityFacts, Directory } from './directory.ts';

const tenancy = (organisation: string, environment: string, internal: boolean) => ({
  id: `${organisation}-${environment}`,
  organisation,
  organisationName: organisation,
  environment,
  environmentName: environment,
  marking: 'OFFICIAL',
  mark: 'XX',
  internal,
});

/** A provider with two customers; `provider: null` is before the set-up. */
export function fixedDirectory(): Directory & { facts: Directory['facts']; now: CommunityFacts } {
  const now: CommunityFacts = {
    provider: { id: 'wattle', name: 'Wattle' },
    demo: false,
    organisations: new Set(['wattle', 'acme', 'beta']),
    tenancies: [
      tenancy('wattle', 'odce', true),
      tenancy('acme', 'odce', false),
      tenancy('acme', 'pdce', false),
      tenancy('beta', 'odce', false),
    ],
  };
  return { now, facts: async () => now };
}
