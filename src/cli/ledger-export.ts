import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parseCheckpoint, tilePath, tilesOf } from '@ironbark/tlog';
import { ledgerLog } from '#contract/ledger';
import type { Command } from './command.ts';
import { UsageError } from './errors.ts';
import { policyText } from './ledger/policy-text.ts';

export const command: Command = {
  name: 'ledger export',
  summary: 'Write the whole log into a folder, to be verified anywhere.',
  args: 'DIR',
  examples: ['ironbark ledger export export/'],
  notes: [
    'What is personal in the entries is not among it: they carry commitments. The folder can be served as it is',
    '(c2sp.org/tlog-tiles). "log.policy" names the keys that the server says it has: compare them before you trust them.',
  ],
  async run({ args: [folder = ''], server, show, signal }) {
    const client = server();
    const write = (path: string, bytes: string | Buffer): void => {
      const file = join(resolve(folder), path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, bytes);
    };
    const note = await client.bytes('/ledger/checkpoint');
    if (note === undefined) throw new UsageError('The log has no checkpoint yet. Try again in a second.');
    const { size, origin } = parseCheckpoint(note);
    let files = 0;
    for (const tile of tilesOf(size)) {
      signal.throwIfAborted();
      const path = tilePath(tile);
      const bytes = await client.bytes(`/ledger/${path}`);
      if (bytes === undefined) throw new Error(`the server has no ${path}`);
      write(path, bytes);
      files++;
    }
    write('log.policy', policyText(await client.get('/api/ledger/log', ledgerLog)));
    // Last: what has a checkpoint is complete.
    write('checkpoint', note);
    show({ folder: resolve(folder), origin, size, tiles: files }, () => [
      `${size} entries of ${origin} in ${files} tiles: ${resolve(folder)}`,
      `Check it with: ironbark ledger verify ${folder} --policy ${join(folder, 'log.policy')}`,
    ]);
  },
};
