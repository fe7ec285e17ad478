import type { Records, Tx } from '#platform/records';
import { systemAccess } from '#platform/scope';
import type { Application } from './application.ts';
import { parameters, shippedParameters } from './contract.ts';
import type { Policy } from './decide.ts';
import { applications, parametersOf } from './store.ts';

/** What the provider has set, in memory. */
export type PolicyStore = {
  current(): { readonly policy: Policy; readonly applications: readonly Application[] };
  /** Reads it again; until it can be, `current` throws. */
  reload(): Promise<void>;
};

const access = systemAccess('know the parameters of the gate');

export async function openPolicies(records: Records, failed: (error: unknown) => void): Promise<PolicyStore> {
  const load = () =>
    records.transaction(access, async (tx) => ({
      policy: await policyOf(tx),
      applications: await applications(tx),
    }));
  let current: Awaited<ReturnType<typeof load>> | undefined = await load();
  let loads = 0;
  return {
    current() {
      if (current === undefined) throw new Error('the parameters changed and are being read again');
      return current;
    },
    async reload() {
      const mine = ++loads;
      current = undefined;
      try {
        const loaded = await load();
        // A later one has newer news.
        if (mine === loads) current = loaded;
      } catch (error) {
        failed(error);
      }
    },
  };
}

/** @param version undefined: the newest. @returns undefined for a version that never was */
export async function policyOf(tx: Tx): Promise<Policy>;
export async function policyOf(tx: Tx, version: number): Promise<Policy | undefined>;
export async function policyOf(tx: Tx, version?: number): Promise<Policy | undefined> {
  const shipped: Policy = { parameters: shippedParameters, version: 0 };
  if (version === 0) return shipped;
  const stored = await parametersOf(tx, version);
  if (stored === undefined) return version === undefined ? shipped : undefined;
  const given = typeof stored.parameters === 'object' ? stored.parameters : {};
  // What a later release added has its shipped value.
  return { parameters: parameters.parse({ ...shippedParameters, ...given }), version: stored.version };
}
