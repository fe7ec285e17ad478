import { readFileSync } from 'node:fs';
import {
  openCheckpoint,
  type Policy,
  TlogError,
  type TrustedCheckpoint,
  trustedCheckpoint,
  verifyGrowth,
  verifyTiles,
} from '@ironbark/tlog';
import { ledgerVerification } from '#contract/ledger';
import { readLeaf } from '#ledger';
import { type Call, type Command, exitCodes } from './command.ts';
import { UsageError } from './errors.ts';
import { tilesIn } from './ledger/source.ts';
import { trustOf, trustOptions } from './ledger/trust.ts';

export const command: Command = {
  name: 'ledger verify',
  summary: 'Check that no ledger entry was changed, removed or put in between.',
  args: '[PLACE]',
  options: {
    ...trustOptions,
    since: { value: 'FILE', about: 'An earlier checkpoint or receipt: the log must continue it.' },
    hashes: { about: 'Leave the entries out, and check only the hashes, which are public.' },
  },
  notes: [
    'Without PLACE the running server checks its own database. PLACE is a folder made by "ironbark ledger export", or the',
    'address of a ledger (https://host/ledger): then nothing of the server is believed but what the keys signed.',
  ],
  examples: [
    'ironbark ledger verify',
    'ironbark ledger verify export/ --policy ledger.policy --since last-year.checkpoint',
  ],
  async run(call) {
    const [place] = call.args;
    return place === undefined ? verifyServer(call) : verifyPlace(call, place);
  },
};

async function verifyServer({ server, show }: Call): Promise<number> {
  const result = await server().get('/api/ledger/verification', ledgerVerification);
  show(result, () => [
    result.intact
      ? `Intact: ${result.entries} entries. Root: ${result.head ?? 'of an empty log'}`
      : `BROKEN at entry ${result.index}: ${result.why}.`,
    ...result.remarks,
  ]);
  return result.intact ? exitCodes.done : exitCodes.failed;
}

type Outcome = { checkpoint: TrustedCheckpoint; remarks: string[] };

async function verifyPlace(call: Call, place: string): Promise<number> {
  const policy = trustOf(call);
  const since = call.text('since');
  try {
    const { checkpoint, remarks } = await check(call, place, policy, since);
    const { origin, size, root, signedBy, cosignedBy } = checkpoint;
    const result = { intact: true, origin, size, root: Buffer.from(root).toString('base64'), remarks };
    show(call, { ...result, cosignedBy }, [
      `Intact: ${size} entries of ${origin}${call.on('hashes') ? ' (hashes only)' : ''}. Root: ${result.root}`,
      `Signed by ${signedBy.length} of the log's keys${witnessesOf(cosignedBy)}.`,
      ...(since === undefined ? [] : [`Continues ${since}.`]),
      ...remarks,
    ]);
    return exitCodes.done;
  } catch (error) {
    if (!(error instanceof TlogError)) throw error;
    show(call, { intact: false, fault: error.fault, why: error.message }, [`BROKEN: ${error.message}.`]);
    return exitCodes.failed;
  }
}

const show = (call: Call, value: unknown, lines: string[]): void => call.show(value, () => lines);

const witnessesOf = (cosignedBy: TrustedCheckpoint['cosignedBy']): string =>
  cosignedBy.length === 0
    ? ', seen by no witness: this holds only against those without the key'
    : `, seen by ${cosignedBy.map(({ name, seconds }) => `${name} (${new Date(seconds * 1000).toISOString()})`).join(', ')}`;

/** Order of recording and of times may differ by this much: transactions overlap. */
const skewMilliseconds = 60_000;

async function check(call: Call, place: string, policy: Policy, since: string | undefined): Promise<Outcome> {
  const read = tilesIn(place, call.io);
  const note = await read('checkpoint');
  if (note === undefined) throw new UsageError(`${place} has no checkpoint yet.`);
  const checkpoint = trustedCheckpoint(policy, note);
  const remarks: string[] = [];
  const ids = new Set<string>();
  let before = '';
  await verifyTiles(read, checkpoint, {
    bundles: !call.on('hashes'),
    entry: (index, bytes) => {
      const { id, at } = readLeaf(Buffer.from(bytes).toString('utf8'));
      if (ids.has(id)) throw new TlogError('proof', `entry ${index} has the id of one before it`);
      ids.add(id);
      if (before !== '' && Date.parse(before) - Date.parse(at) > skewMilliseconds)
        remarks.push(`Entry ${index} says ${at}, the one before it ${before}: the clock was set back.`);
      before = at;
    },
  });
  if (since !== undefined) await verifyGrowth(read, earlier(since, policy), checkpoint);
  return { checkpoint, remarks };
}

/** The checkpoint in a file: by itself, or at the end of a receipt. It must be signed, and needs no witness. */
function earlier(file: string, policy: Policy): { size: number; root: Uint8Array } {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(`${file} can not be read.`, {}, error);
  }
  const note = text.startsWith('c2sp.org/tlog-proof@') ? text.slice(text.indexOf('\n\n') + 2) : text;
  return openCheckpoint(
    note,
    policy.logs.map(({ verifier }) => verifier),
  );
}
