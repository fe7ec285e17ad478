import { openRecords } from '../open.ts';
import type { Records } from '../records.ts';
import { createTestRecords } from './pglite-template.ts';
import { postgresPrograms, startPostgres } from './postgres-server.ts';

export type OpenedRecords = { readonly records: Records; readonly close: () => Promise<void> };

/** Each engine there is on this machine, by name, for `describe.each`: who opens one closes it. */
export function engines(): [string, () => Promise<OpenedRecords>][] {
  const all: [string, () => Promise<OpenedRecords>][] = [
    [
      'PGlite',
      async () => {
        const records = await createTestRecords();
        return { records, close: () => records.close() };
      },
    ],
  ];
  const programs = postgresPrograms();
  if (programs !== undefined)
    all.push([
      'PostgreSQL',
      async () => {
        const server = await startPostgres(programs);
        const records = await openRecords({ url: await server.newDatabase() });
        return { records, close: () => records.close().then(() => server.stop()) };
      },
    ]);
  return all;
}
