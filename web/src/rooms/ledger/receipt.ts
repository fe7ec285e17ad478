import type { ledgerReceipt } from '#contract/ledger';
import type { z } from 'zod';

export type Receipt = z.infer<typeof ledgerReceipt>;

/** One file, as "ironbark ledger proof" writes it: the entry in the `extra` line of its proof. @see c2sp.org/tlog-proof */
export function receiptText({ leaf, salt, payload, tlogProof }: Receipt): string {
  const bytes = new TextEncoder().encode(JSON.stringify({ leaf, salt, payload }));
  const extra = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
  return tlogProof.replace('\n', `\nextra ${extra}\n`);
}
