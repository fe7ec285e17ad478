import { readFileSync } from 'node:fs';
import type { Command } from './command.ts';
import { UsageError } from './errors.ts';
import { kinds } from './verify/kinds.ts';

export const command: Command = {
  name: 'verify',
  summary: 'Check a receipt or a report, without network and without a server.',
  args: 'FILE',
  options: {
    key: {
      value: 'FILE',
      about:
        'The key that counter-signs acceptances and reports, as the provider publishes it (JWK with "kid").',
    },
    'ledger-key': { value: 'VKEY', about: 'A key of the ledger. Can be repeated.', many: true },
    policy: {
      value: 'FILE',
      about: 'Keys of the ledger and the witnesses that must have seen an entry (c2sp.org/tlog-policy).',
    },
  },
  notes: [
    'It knows receipts of acceptances (PDF) and of ledger entries (.tlog-proof, from "ironbark ledger proof"), and reports',
    'with their proofs (.zip, from "ironbark report make").',
    'Without --key and --ledger-key an acceptance or a report is checked with the keys that it brings itself: compare them',
    'with the provider’s. The receipt of a ledger entry brings none: it needs --ledger-key or --policy.',
    'Exits with 0 when nothing is wrong, and with 1 when something is; "unknown" could not be checked.',
  ],
  examples: [
    'ironbark verify receipt.pdf',
    'ironbark verify receipt.pdf --key wattle.jwk',
    'ironbark verify entry.tlog-proof --policy ledger.policy',
    'ironbark verify odce-pack.zip --key wattle.jwk',
  ],
  async run(call) {
    const [file = ''] = call.args;
    let bytes: Buffer;
    try {
      bytes = readFileSync(file);
    } catch (error) {
      throw new UsageError(`${file} can not be read.`, {}, error);
    }
    return kinds.find(({ is }) => is(bytes))?.check(bytes, call);
  },
};
