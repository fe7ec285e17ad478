import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { openRecords } from '#platform/records';
import { systemAccess } from '#platform/scope';

const child = fileURLToPath(new URL('evidence-kill-process.ts', import.meta.url));

/** Imports until `most` files were said to be recorded, then is killed in the middle of whatever it does. */
function importUntilKilled(folder: string, most: number, lateMilliseconds: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const importing = spawn(process.execPath, [child, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
    let said = 0;
    importing.stdout.on('data', (piece: Buffer) => {
      for (const line of piece.toString().split('\n')) if (line !== '') said = Number(line);
      if (said >= most) setTimeout(() => importing.kill('SIGKILL'), lateMilliseconds);
    });
    importing.once('error', reject);
    importing.once('exit', (code, signal) =>
      signal === 'SIGKILL' ? resolve(said) : reject(new Error(`it ended with ${code} by itself`)),
    );
  });
}

test.each([0, 7, 23])(
  'an import that is killed leaves all of a file or nothing of it (killed %i ms after a commit)',
  async (late) => {
    const folder = mkdtempSync(join(tmpdir(), 'ironbark-evidence-kill-'));
    try {
      const said = await importUntilKilled(join(folder, 'records'), 4, late);
      const records = await openRecords({ folder: join(folder, 'records') });
      try {
        const { rows } = await records.transaction(systemAccess('test'), (tx) =>
          sql<{ id: string; facts: number; packed: number; entries: number }>`
            select id, facts,
              (select coalesce(sum(facts), 0) from governance.evidence_part where collection_id = one.id) as packed,
              (select count(*) from ledger.payload where action = 'evidence.collected'
                and body::jsonb ->> 'subject' = 'evidence/' || one.id) as entries
            from governance.evidence_collection one`.execute(tx),
        );
        expect(rows.length).toBeGreaterThanOrEqual(said);
        expect(rows.map(({ facts, packed, entries }) => [facts, packed, entries])).toEqual(
          rows.map(() => [3000, 3000, 1]),
        );
      } finally {
        await records.close();
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
  120_000,
);
