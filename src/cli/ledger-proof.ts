import { writeFileSync } from 'node:fs';
import { ledgerReceipt } from '#contract/ledger';
import { receiptFile } from '#ledger';
import { at } from './client.ts';
import type { Command } from './command.ts';

export const command: Command = {
  name: 'ledger proof',
  summary: 'The receipt of one entry: proof for anybody that it is in the log.',
  args: 'ENTRY',
  options: { out: { value: 'FILE', about: 'Write it there instead of printing it.' } },
  notes: [
    'ENTRY is the id that "ironbark ledger list" shows. "ironbark verify FILE" checks the receipt, offline.',
  ],
  examples: ['ironbark ledger proof 0193a1b2-… --out entry.tlog-proof'],
  async run({ args: [entry = ''], text, server, show }) {
    const receipt = await server().get(at`/api/ledger/entries/${entry}/receipt`, ledgerReceipt);
    const file = text('out');
    if (file !== undefined) writeFileSync(file, receiptFile(receipt));
    show(receipt, () => (file === undefined ? receiptFile(receipt).trimEnd() : `Written: ${file}`));
  },
};
