import type { Clock } from '#platform/clock';
import { systemIds } from '#platform/ids';
import type { Records } from '#platform/records';
import { systemAccess } from '#platform/scope';
import { followChain } from './old-chain.ts';
import { prepareEntry, pseudonyms, saltsFor } from './prepare.ts';
import { insertEntries, pseudonymKey } from './store.ts';
import { dropOldEntries, oldEntries } from './store-old.ts';

const access = systemAccess('carry the old chain over into the log');
const pageSize = 1000;

/**
 * Puts the entries of the chain of hashes at the beginning of the log, each with its number and its hashes of before in
 * its payload, and says in an entry of its own whether the chain was whole. Runs at the start, before anybody records.
 * @returns how many were carried
 */
export async function carryOldChain(deps: { records: Records; clock: Clock }): Promise<number> {
  const { records, clock } = deps;
  const ids = systemIds(clock);
  const follow = followChain();
  let carried = 0;
  let head = '';
  let fault: string | undefined;
  for (let more = true; more; ) {
    more = await records.transaction(access, async (tx) => {
      const pseudonym = pseudonyms(await pseudonymKey(tx));
      const page = await oldEntries(tx, pageSize);
      const last = page.at(-1);
      const salts = saltsFor(page.length + 1);
      if (last === undefined && carried === 0) return false;
      const prepared = page.map((old) => {
        fault ??= follow(old);
        const chain = {
          sequence: old.sequence,
          previousHash: old.previousHash.toString('hex'),
          hash: old.hash.toString('hex'),
        };
        const entry = { ...old, tenancy: old.tenancy ?? undefined };
        return prepareEntry(entry, { at: old.at, ids, pseudonym, salt: salts(), chain });
      });
      if (last !== undefined) {
        await insertEntries(tx, prepared);
        await dropOldEntries(tx, last.sequence);
        carried += page.length;
        head = last.hash.toString('hex');
      }
      if (page.length === pageSize) return true;
      const closing = {
        actor: { kind: 'system', id: 'system', name: 'ledger' } as const,
        action: 'ledger.carried-over',
        subject: 'ledger/chain',
        facts: { entries: carried, head, intact: fault === undefined, ...(fault !== undefined && { fault }) },
      };
      await insertEntries(tx, [prepareEntry(closing, { at: clock.now(), ids, pseudonym, salt: salts() })]);
      return false;
    });
  }
  return carried;
}
