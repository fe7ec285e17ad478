import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { Engine } from '../engine.ts';
import { collectMigrations, type Migration, migrate } from '../migrate.ts';
import { recordsOn } from '../open.ts';
import { openPglite } from '../pglite.ts';
import type { Records } from '../records.ts';

const cache = fileURLToPath(new URL('../../../../node_modules/.cache/ironbark', import.meta.url));

/** The caller closes it (`afterAll`), or the process does not exit. */
export async function createTestRecords(
  migrations: readonly Migration[] = collectMigrations(),
): Promise<Records> {
  return recordsOn(await testEngine(migrations));
}

/** The engine beneath, for tests of this module. */
export async function testEngine(migrations: readonly Migration[]): Promise<Engine> {
  return openPglite({ memory: true, from: await template(migrations) });
}

/** One file per set of migrations and PGlite version; made by whoever comes first, put in place by a rename. */
async function template(migrations: readonly Migration[]): Promise<Blob> {
  const engineFile = createRequire(import.meta.url).resolve('@electric-sql/pglite');
  const key = createHash('sha256')
    .update(readFileSync(engineFile))
    .update(JSON.stringify(migrations))
    .digest('hex')
    .slice(0, 20);
  const file = `${cache}/records-${key}.tar`;
  if (!existsSync(file)) {
    const engine = await openPglite({ memory: true });
    try {
      await migrate(engine, migrations);
      const dump = Buffer.from(await (await engine.dump()).arrayBuffer());
      mkdirSync(cache, { recursive: true });
      writeFileSync(`${file}.${process.pid}`, dump);
      renameSync(`${file}.${process.pid}`, file);
    } finally {
      await engine.close();
    }
    dropOld(`records-${key}.tar`);
  }
  return new Blob([readFileSync(file)]);
}

/** A template that nobody made within the hour is from another state of the sources. */
function dropOld(keep: string): void {
  for (const name of readdirSync(cache)) {
    if (!/^records-[0-9a-f]+\.tar$/.test(name) || name === keep) continue;
    if (Date.now() - statSync(`${cache}/${name}`).mtimeMs > 3_600_000)
      rmSync(`${cache}/${name}`, { force: true });
  }
}
