/** A log for tests of this and of other modules: keys of its own, its sequencer run by hand. */
import { type Policy, policyOfKeys } from '@ironbark/tlog';
import type { Clock } from '#platform/clock';
import type { Records } from '#platform/records';
import { newLedgerKeys, readLedgerKeys } from './keys.ts';
import { sequence } from './sequencer.ts';

export type TestLog = {
  /** What receipts are checked with. */
  readonly policy: Policy;
  /** The log's own keys. */
  readonly keys: readonly string[];
  /** Gives everything that was recorded its place, and signs. @returns how many got one */
  sequence(): Promise<number>;
};

export function createTestLog(deps: { records: Records; clock: Clock; origin?: string }): TestLog {
  const keys = readLedgerKeys(newLedgerKeys(deps.origin ?? 'ledger.test'));
  const vkeys = keys.signers.map(({ verifier }) => verifier.vkey);
  return {
    keys: vkeys,
    policy: policyOfKeys(vkeys),
    sequence: () => sequence({ ...deps, keys }),
  };
}
