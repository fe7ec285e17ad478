import { createHash, generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createSigner,
  growTree,
  hashLeaf,
  openNote,
  parseCheckpoint,
  parseVkey,
  readCosignature,
  signCheckpoint,
  writeAddCheckpoint,
} from '@ironbark/tlog';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { manualClock } from '#platform/clock';
import { openWitnessFolder } from './folder.ts';
import { startWitness, type Witness } from './server.ts';

const origin = 'log.example';
const signer = createSigner(origin, generateKeyPairSync('ed25519').privateKey);
const clock = manualClock('2026-05-01T00:00:00Z');
const log = { info: () => undefined, error: () => undefined };
let folder: string;
let witness: Witness;

const start = async (name = 'witness.example/w'): Promise<void> => {
  witness = await startWitness(
    { folder: openWitnessFolder(folder, name), clock, logs: [signer.verifier], log },
    { host: '127.0.0.1', port: 0 },
  );
};
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ironbark-witness-'));
  await start();
});
afterEach(async () => {
  await witness.close();
  rmSync(folder, { recursive: true, force: true });
});

function noteAt(size: number, salt = ''): string {
  const tree = growTree();
  for (let n = 0; n < size; n++) tree.append(hashLeaf(Buffer.from(`${salt}${n}`)));
  return signCheckpoint({ origin, size, root: tree.root() }, [signer]);
}
const post = async (body: string) => {
  const answer = await fetch(`${witness.url}/add-checkpoint`, { method: 'POST', body });
  return { status: answer.status, type: answer.headers.get('content-type'), text: await answer.text() };
};
const first = (size: number) => post(writeAddCheckpoint({ old: 0, proof: [], checkpoint: noteAt(size) }));
const ownKey = async () => parseVkey((await (await fetch(witness.url)).text()).trimEnd());

test('a witness cosigns over HTTP, and tells its key and what it saw', async () => {
  const answer = await first(1);
  expect(answer.status).toBe(200);
  expect(readCosignature(noteAt(1), answer.text, await ownKey()).seconds).toBe(clock.now().getTime() / 1000);
  const hash = createHash('sha256').update(origin).digest('hex');
  const kept = await (await fetch(`${witness.url}/${hash}/checkpoint`)).text();
  expect(openNote(kept, [signer.verifier, await ownKey()]).signed).toHaveLength(2);
  expect(parseCheckpoint(kept).size).toBe(1);
  expect((await fetch(`${witness.url}/${'0'.repeat(64)}/checkpoint`)).status).toBe(404);
});

test('what it saw and its key outlive a restart, for its owner only', async () => {
  await first(3);
  const key = (await ownKey()).vkey;
  await witness.close();
  await start('another.name');
  expect((await ownKey()).vkey).toBe(key);
  expect(await first(4)).toEqual({ status: 409, type: 'text/x.tlog.size', text: '3\n' });
  expect(await post(writeAddCheckpoint({ old: 3, proof: [], checkpoint: noteAt(3, 'fork') }))).toMatchObject({
    status: 422,
  });
  for (const name of readdirSync(folder)) expect(statSync(join(folder, name)).mode & 0o777, name).toBe(0o600);
});

test('of two that race from the same size one wins, and the other is told the new size', async () => {
  const answers = await Promise.all([first(5), first(6), first(7)]);
  expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409, 409]);
});

test('a clock that is set back does not date a cosignature before the last one', async () => {
  const before = readCosignature(noteAt(2), (await first(2)).text, await ownKey()).seconds;
  clock.advance(-3600);
  const again = await post(writeAddCheckpoint({ old: 2, proof: [], checkpoint: noteAt(2) }));
  expect(readCosignature(noteAt(2), again.text, await ownKey()).seconds).toBe(before);
  clock.advance(3600);
});

test('refuses what is too large, the wrong method and unknown logs', async () => {
  expect((await post('x'.repeat(300_000))).status).toBe(413);
  expect((await fetch(`${witness.url}/add-checkpoint`)).status).toBe(405);
  expect((await fetch(witness.url, { method: 'DELETE' })).status).toBe(405);
  expect((await fetch(`${witness.url}/etc/passwd`)).status).toBe(404);
  expect((await post('')).status).toBe(400);
  const stranger = createSigner('other.example', generateKeyPairSync('ed25519').privateKey);
  const note = signCheckpoint({ ...parseCheckpoint(noteAt(1)), origin: 'other.example' }, [stranger]);
  expect((await post(writeAddCheckpoint({ old: 0, proof: [], checkpoint: note }))).status).toBe(404);
  const forged = signCheckpoint(parseCheckpoint(noteAt(1)), [
    createSigner(origin, generateKeyPairSync('ed25519').privateKey),
  ]);
  expect((await post(writeAddCheckpoint({ old: 0, proof: [], checkpoint: forged }))).status).toBe(403);
});

test('a folder that another witness uses, or that is damaged, is refused', async () => {
  expect(() => openWitnessFolder(folder, 'w')).toThrow('another witness uses it');
  await first(2);
  await witness.close();
  const name = readdirSync(folder).find((one) => one.endsWith('.checkpoint')) ?? '';
  writeFileSync(join(folder, name), noteAt(1));
  const damaged = openWitnessFolder(folder, 'w');
  expect(() => damaged.latest(origin)).toThrow('is damaged');
  damaged.close();
  writeFileSync(join(folder, 'key.json'), '{}');
  expect(() => openWitnessFolder(folder, 'w')).toThrow('key.json is damaged');
  rmSync(join(folder, 'key.json'));
  rmSync(join(folder, name));
  await start();
});
