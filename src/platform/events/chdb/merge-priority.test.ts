import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { getPriority, tmpdir } from 'node:os';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openChdb } from './store.ts';

let folder: string;
let store: Awaited<ReturnType<typeof openChdb>>;

beforeAll(async () => {
  folder = mkdtempSync(`${tmpdir()}/ironbark-merges-`);
  store = await openChdb({ folder });
});
afterAll(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

test.runIf(process.platform === 'linux')('threads that merge give way to all others', () => {
  const priorities = readdirSync(`/proc/${store.pid}/task`).map((thread) => ({
    name: readFileSync(`/proc/${store.pid}/task/${thread}/comm`, 'utf8').trim(),
    priority: getPriority(Number(thread)),
  }));
  const mergers = priorities.filter(({ name }) => name.startsWith('Merge'));
  expect(mergers.length).toBeGreaterThan(0);
  expect(mergers.every(({ priority }) => priority > getPriority(0))).toBe(true);
  expect(priorities.find(({ name }) => name === 'MainThread')?.priority).toBe(getPriority(0));
});
