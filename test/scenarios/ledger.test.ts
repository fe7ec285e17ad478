import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { newLedgerKeys, readLedgerKeys } from '#ledger';
import { type Running, startIronbark } from './running.ts';

/*
 * The promise: whoever holds the ledger's public keys can check all of it, or one entry, on another machine; and a
 * witness of somebody else's notices when the past is rewritten. Over HTTP and the command line only.
 */

const root = fileURLToPath(new URL('../..', import.meta.url));
const work = mkdtempSync(join(tmpdir(), 'ironbark-ledger-'));
let ironbark: Running;
let witness: { url: string; vkey: string; child: ChildProcess };
const policyFile = join(work, 'ledger.policy');
const keysFile = join(work, 'ledger-keys.json');

type Ran = { code: number; out: string; err: string };
function run(words: readonly string[], env: Record<string, string> = {}): Promise<Ran> {
  const child = spawn(process.execPath, [join(root, 'src/cli/main.ts'), ...words], {
    cwd: root,
    env: { ...process.env, IRONBARK_DATA: ironbark.data, ...env },
  });
  const ran = { out: '', err: '' };
  child.stdout.on('data', (piece: Buffer) => (ran.out += piece.toString()));
  child.stderr.on('data', (piece: Buffer) => (ran.err += piece.toString()));
  return new Promise((resolve) => child.once('exit', (code) => resolve({ code: code ?? -1, ...ran })));
}
const logShape = z.object({
  keys: z.array(z.object({ vkey: z.string() })),
  size: z.number(),
  waiting: z.number(),
  state: z.string(),
  detail: z.string(),
  witnesses: z.array(z.object({ state: z.string(), size: z.number().nullable() })),
});
/** As this machine's administrator, who can read the data folder. */
async function api(path: string, body?: object): Promise<unknown> {
  const local = z
    .object({ url: z.string(), secret: z.string() })
    .parse(JSON.parse(readFileSync(join(ironbark.data, 'run', 'local.json'), 'utf8')));
  const answer = await fetch(local.url + path, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${local.secret}`, 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`);
  return answer.json();
}
const show = async () => logShape.parse(await api('/api/ledger/log'));
const addOrganisation = (id: string, name: string) =>
  api('/api/community/organisations', { id, name, kind: 'customer' });

async function startWitness(vkeys: readonly string[]): Promise<typeof witness> {
  const words = ['witness', '--folder', join(work, 'witness'), '--listen', '127.0.0.1:0', '--json'];
  const child = spawn(
    process.execPath,
    [join(root, 'src/cli/main.ts'), ...words, ...vkeys.flatMap((vkey) => ['--log', vkey])],
    { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] },
  );
  let out = '';
  for await (const piece of child.stdout ?? []) {
    out += String(piece);
    if (out.includes('\n}\n') || /\}\s*$/.test(out)) break;
  }
  return { ...z.object({ url: z.string(), vkey: z.string() }).parse(JSON.parse(out)), child };
}

beforeAll(async () => {
  const text = newLedgerKeys('ledger.scenario');
  writeFileSync(keysFile, text, { mode: 0o600 });
  const keys = readLedgerKeys(text).signers.map(({ verifier }) => verifier);
  witness = await startWitness(keys.map(({ vkey }) => vkey));
  writeFileSync(
    policyFile,
    `${keys.map(({ vkey }) => `log ${vkey}\n`).join('')}witness W1 ${witness.vkey} ${witness.url}\nquorum W1\n`,
  );
  ironbark = await startIronbark({
    IRONBARK_BULK_LISTEN: 'off',
    IRONBARK_LEDGER_POLICY: policyFile,
    IRONBARK_LEDGER_KEYS: keysFile,
  });
  await api('/api/setup/provider', { id: 'sov', name: 'Sovereign' });
  await addOrganisation('acme', 'Acme Holdings');
}, 300_000);
afterAll(async () => {
  await ironbark.stop();
  witness.child.kill('SIGTERM');
  rmSync(work, { recursive: true, force: true });
});

test('everything gets its place, and the witness saw it', async () => {
  await expect
    .poll(
      async () => {
        const { state, waiting, size, detail, witnesses } = await show();
        return { state, waiting, detail, seen: witnesses.map((one) => one.size === size) };
      },
      { timeout: 120_000 },
    )
    .toEqual({
      state: 'healthy',
      waiting: 0,
      detail: expect.stringMatching(/^\d+ entries in the log, seen by W1\.$/),
      seen: [true],
    });
});

test('the exported log is verified offline, to the last entry and with its witness', async () => {
  const folder = join(work, 'export');
  expect(await run(['ledger', 'export', folder])).toMatchObject({ code: 0 });
  const good = await run(['ledger', 'verify', folder, '--policy', policyFile]);
  expect(good).toMatchObject({ code: 0, out: expect.stringContaining('seen by W1') });

  const size = Number(readFileSync(join(folder, 'checkpoint'), 'utf8').split('\n')[1]);
  const damage = async (path: string, change: (text: Buffer) => Buffer): Promise<Ran> => {
    const copy = join(work, 'damaged');
    cpSync(folder, copy, { recursive: true });
    writeFileSync(join(copy, path), change(readFileSync(join(copy, path))));
    const ran = await run(['ledger', 'verify', copy, '--policy', policyFile]);
    rmSync(copy, { recursive: true });
    return ran;
  };
  const flip = (bytes: Buffer): Buffer => {
    bytes.writeUInt8(bytes.readUInt8(40) ^ 1, 40);
    return bytes;
  };
  expect(await damage(`tile/entries/000.p/${size}`, flip)).toMatchObject({
    code: 1,
    out: expect.stringContaining('entry 0 is not what was hashed'),
  });
  expect(
    await damage('checkpoint', (text) => Buffer.from(text.toString().replace(/\u2014 witness[^\n]*\n/, ''))),
  ).toMatchObject({ code: 1, out: expect.stringContaining('no witness of the policy') });
}, 600_000);

test('a log at an address is verified by its hashes without an account, and continues an older checkpoint', async () => {
  const kept = join(work, 'kept.checkpoint');
  writeFileSync(kept, await (await fetch(`${ironbark.origin}/ledger/checkpoint`)).text());
  const { size } = await show();
  await addOrganisation('zeta', 'Zeta');
  await expect.poll(async () => (await show()).size, { timeout: 120_000 }).toBeGreaterThan(size);
  const address = `${ironbark.origin}/ledger`;
  const words = ['ledger', 'verify', address, '--policy', policyFile, '--since', kept];
  expect(await run([...words, '--hashes'])).toMatchObject({
    code: 0,
    out: expect.stringContaining('Continues'),
  });
  expect((await run(['ledger', 'verify', address])).err).toContain('Say whom to believe');
}, 600_000);

test('the receipt of an entry is valid by itself, and not when it was touched', async () => {
  const page = z.object({ entries: z.array(z.object({ id: z.string(), action: z.string() })) });
  const { entries } = page.parse(await api('/api/ledger?limit=50'));
  const added = entries.find(({ action }) => action === 'organisation.added');
  const file = join(work, 'entry.tlog-proof');
  expect(await run(['ledger', 'proof', added?.id ?? '', '--out', file])).toMatchObject({ code: 0 });
  const { code, out } = await run(['verify', file, '--policy', policyFile], {
    IRONBARK_DATA: '/nonexistent',
  });
  expect({ code, out }).toMatchObject({
    code: 0,
    out: expect.stringMatching(/Valid: entry \d+[^]*Seen by W1/),
  });
  const text = readFileSync(file, 'utf8');
  writeFileSync(
    file,
    text.replace(/^index (\d+)$/m, (_, index: string) => `index ${index === '0' ? 1 : 0}`),
  );
  expect(await run(['verify', file, '--policy', policyFile])).toMatchObject({
    code: 1,
    out: expect.stringContaining('NOT VALID'),
  });
  writeFileSync(file, 'hello');
  expect((await run(['verify', file, '--policy', policyFile])).code).not.toBe(0);
}, 600_000);

test('a database that was put back to an older state is told by the witness', async () => {
  // The same keys on an empty database: shorter, signed, whole in itself, and not what the witness saw.
  const before = ironbark;
  const restored = await startIronbark({
    IRONBARK_BULK_LISTEN: 'off',
    IRONBARK_LEDGER_POLICY: policyFile,
    IRONBARK_LEDGER_KEYS: keysFile,
  });
  ironbark = restored;
  try {
    await expect
      .poll(show)
      .toMatchObject({ state: 'failing', detail: expect.stringMatching(/cut off or restored|forked/) });
    expect(await run(['ledger', 'verify'])).toMatchObject({
      code: 0,
      out: expect.stringContaining('Intact'),
    });
  } finally {
    await restored.stop();
    ironbark = before;
  }
}, 600_000);
