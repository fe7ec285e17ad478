import { hostname } from 'node:os';
import { resolve } from 'node:path';
import { parseVkey, signatureTypes, TlogError } from '@ironbark/tlog';
import { openWitnessFolder, startWitness } from '#ledger/witness';
import { systemClock } from '#platform/clock';
import { createLogger } from '#platform/telemetry';
import type { Command } from './command.ts';
import { UsageError } from './errors.ts';

export const command: Command = {
  name: 'witness',
  summary: 'Watch ledgers as a second party: cosign what continues what was seen before.',
  options: {
    folder: { value: 'DIR', about: 'Where its key and what it saw are kept.', required: true },
    log: {
      value: 'VKEY',
      about: 'A verifier key of a ledger that it watches ("ironbark ledger show" tells them).',
      many: true,
      required: true,
    },
    listen: { value: 'HOST:PORT', about: 'Where ledgers ask it; 127.0.0.1:7470 when left out.' },
    name: { value: 'NAME', about: 'Its name, at the first start; the name of this machine when left out.' },
  },
  notes: [
    'Run it under another account, on another machine, by other people than the ledger: that is what makes it worth',
    'something. It prints the line for the policy file of the ledger (IRONBARK_LEDGER_POLICY).',
  ],
  examples: ['ironbark witness --folder /srv/witness --log ironbark.example/ledger+6f1c…+AV…'],
  async run({ text, texts, show, signal }) {
    const logs = texts('log').map(logKey);
    const folder = openWitnessFolder(
      resolve(text('folder') ?? ''),
      text('name') ?? `witness.${hostname().replaceAll(/[^\w.-]/g, '-')}`,
    );
    const log = createLogger({ level: process.stderr.isTTY ? 'warn' : 'info' });
    const at = address(text('listen') ?? '127.0.0.1:7470');
    const witness = await startWitness({ folder, clock: systemClock, logs, log }, at).catch(
      (error: unknown) => {
        folder.close();
        throw error;
      },
    );
    const { vkey } = folder.cosigner.verifier;
    show({ url: witness.url, vkey }, () => [
      `The witness listens on ${witness.url}. For the ledger's policy file:`,
      '',
      `  witness W1 ${vkey} ${witness.url}`,
      '  quorum W1',
      '',
      'Ctrl-C stops it.',
    ]);
    try {
      await new Promise<void>((stop) => {
        if (signal.aborted) stop();
        else signal.addEventListener('abort', () => stop(), { once: true });
      });
    } finally {
      await witness.close();
    }
    return 0;
  },
};

function logKey(vkey: string) {
  try {
    const verifier = parseVkey(vkey);
    if (verifier.type !== signatureTypes.cosignature) return verifier;
    throw new UsageError('--log takes the key of a ledger; this one is the key of a witness.');
  } catch (error) {
    if (!(error instanceof TlogError)) throw error;
    throw new UsageError(`--log: ${error.message}.`, {}, error);
  }
}

function address(text: string): { host: string; port: number } {
  const parts = /^(?:\[([0-9a-f:.]+)\]|([^:]+)):(\d{1,5})$/i.exec(text);
  if (parts === null || Number(parts[3]) > 65_535)
    throw new UsageError('--listen takes HOST:PORT, for example 127.0.0.1:7470.');
  return { host: parts[1] ?? parts[2] ?? '', port: Number(parts[3]) };
}
