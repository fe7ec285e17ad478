import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { sql } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemAccess } from '#platform/scope';
import { DataFolderInUse, RecordsNewer } from './errors.ts';
import { openRecords } from './open.ts';

const system = systemAccess('test');
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(`${tmpdir()}/ironbark-records-`);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('what was committed before kill -9 is there, whole and once', async () => {
  const said = await commitUntilKilled(folder, 60);
  const records = await openRecords({ folder });
  try {
    const { rows } = await records.transaction(system, (tx) =>
      sql<{
        number: number;
      }>`select (payload->>'number')::int as number from platform.job where kind = 'n' order by number`.execute(
        tx,
      ),
    );
    const stored = rows.map(({ number }) => number);
    expect(said).toBeGreaterThanOrEqual(60);
    // The last one may have been committed and not yet said.
    expect([said, said + 1]).toContain(stored.length);
    expect(stored).toEqual(Array.from({ length: stored.length }, (_, index) => index + 1));
  } finally {
    await records.close();
  }
});

test('a second process on the folder is refused until the first is gone', async () => {
  const first = await openRecords({ folder });
  await expect(openRecords({ folder })).rejects.toThrow(DataFolderInUse);
  await first.close();
  const second = await openRecords({ folder });
  await second.close();
});

test('a folder of a newer PostgreSQL is refused and left as it is', async () => {
  writeFileSync(`${folder}/PG_VERSION`, '19\n');
  await expect(openRecords({ folder })).rejects.toThrow(RecordsNewer);
});

/** @returns the last number that the child said was committed */
function commitUntilKilled(target: string, atLeast: number): Promise<number> {
  const child = spawn(
    process.execPath,
    [fileURLToPath(new URL('testing/committer.ts', import.meta.url)), target],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString();
    if (text.split('\n').length > atLeast) child.kill('SIGKILL');
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', () => resolve(Number(text.trimEnd().split('\n').at(-1))));
  });
}
