import { existsSync, readFileSync } from 'node:fs';
import { PGlite } from '@electric-sql/pglite';
import { Kysely, PGliteDialect } from 'kysely';
import type { Engine } from './engine.ts';
import { RecordsNewer } from './errors.ts';
import { lockFolder } from './folder-lock.ts';
import { turns } from './turns.ts';
import { parsers } from './values.ts';

/** The PostgreSQL major version that the pinned PGlite is. */
const major = 18;

export type PglitePlace =
  | { readonly folder: string }
  /** In memory; `from` is a dump made by `dumpMemory`. */
  | { readonly memory: true; readonly from?: Blob };

/** @throws {DataFolderInUse} {RecordsNewer} */
export async function openPglite(place: PglitePlace): Promise<Engine & { dump(): Promise<Blob> }> {
  const unlock = 'folder' in place ? await lockFolder(place.folder) : async () => undefined;
  try {
    return await open(place, unlock);
  } catch (error) {
    await unlock();
    throw error;
  }
}

async function open(
  place: PglitePlace,
  unlock: () => Promise<void>,
): Promise<Engine & { dump(): Promise<Blob> }> {
  if ('folder' in place) refuseNewer(place.folder);
  const database = await PGlite.create({
    ...('folder' in place
      ? { dataDir: place.folder }
      : place.from === undefined
        ? {}
        : { loadDataDir: place.from }),
    parsers,
    // Write-ahead segments of 1 MB instead of 16: a fresh folder and a template are half the size.
    initDbStartParams: ['--wal-segsize=1'],
  });
  await database.exec("set time zone 'UTC'");
  const turn = turns();
  const kysely = new Kysely<Record<never, never>>({ dialect: new PGliteDialect({ pglite: database }) });
  return {
    kind: 'pglite',
    kysely,
    turn,
    alone: (work) =>
      turn(() =>
        work({
          script: async (sql) => void (await database.exec(sql)),
          rows: async <Row>(sql: string, params: readonly unknown[] = []) =>
            (await database.query<Row>(sql, [...params])).rows,
        }),
      ),
    listen: async (channel, heard) => {
      // Quoted: PGlite puts the name into the statement as it is (and the stop it returns would leave the quotes out).
      const name = `"${channel.replaceAll('"', '""')}"`;
      await turn(() => database.listen(name, heard));
      return () => turn(() => database.unlisten(name, heard));
    },
    dump: () => turn(() => database.dumpDataDir('none')),
    close: async () => {
      await turn(async () => {
        if (!database.closed) await kysely.destroy();
      });
      await unlock();
    },
  };
}

function refuseNewer(folder: string): void {
  const file = `${folder}/PG_VERSION`;
  if (!existsSync(file)) return;
  const found = readFileSync(file, 'utf8').trim();
  if (Number.parseInt(found, 10) > major) throw new RecordsNewer(`PostgreSQL ${found}`);
}
