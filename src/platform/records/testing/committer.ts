/**
 * A child process for the durability test: commits one row after another into the folder given and says each number
 * once it is committed, until it is killed.
 */
import { sql } from 'kysely';
import { systemAccess } from '#platform/scope';
import { openRecords } from '../open.ts';

const records = await openRecords({ folder: process.argv[2] ?? '' });
await records.transaction(systemAccess('test'), (tx) =>
  sql`insert into platform.job (kind, payload, run_at) values ('start', '{}', now())`.execute(tx),
);
for (let number = 1; ; number++) {
  await records.transaction(systemAccess('test'), (tx) =>
    sql`insert into platform.job (kind, payload, run_at) values ('n', ${JSON.stringify({ number })}::jsonb, now())`.execute(
      tx,
    ),
  );
  process.stdout.write(`${number}\n`);
}
