import { systemAccess } from '#platform/scope';
import type { SetupState } from './contract.ts';
import type { IdentityDeps } from './deps.ts';
import { anybodyActive } from './store-users.ts';

/** What the first page may know before anybody is signed in. */
export function setupState(deps: IdentityDeps): Promise<SetupState> {
  return deps.records.transaction(systemAccess('first page'), async (tx) => {
    const facts = await deps.directory.facts(tx);
    const setUp = facts.provider === null ? 'choose' : 'ready';
    return {
      phase: (await anybodyActive(tx)) ? setUp : 'first-sign-in',
      demo: facts.demo,
      providerName: facts.provider?.name ?? null,
    };
  });
}
