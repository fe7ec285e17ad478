/** A process that leaves a store as a later version of Ironbark would: chDB takes one folder a process. */
import { openConnection } from '../chdb/connection.ts';
import { database } from '../chdb/readers.ts';

const connection = openConnection(process.argv[2] ?? '');
await connection.run(`INSERT INTO ${database}.table_change (name, sha256) VALUES ('9999_later', 'x')`);
await connection.close();
