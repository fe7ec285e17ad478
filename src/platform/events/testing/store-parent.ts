/** A process that opens the store of the folder given, says the pid of chDB's process, and stays until it is killed. */
import { openChdb } from '../chdb/store.ts';

const store = await openChdb({ folder: process.argv[2] ?? '' });
process.stdout.write(String(store.pid));
