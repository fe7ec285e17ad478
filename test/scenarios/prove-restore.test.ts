import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { runCommandLine } from '../../src/cli/run.ts';
import { type Running, startIronbark } from './running.ts';

/*
 * What a system exports, imported into an empty one: by the commands that a person uses, on two running systems.
 */

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'ironbark-restore-'));
let first: Running;
let second: Running;
beforeAll(async () => {
  first = await startIronbark();
  second = await startIronbark();
}, 240_000);
afterAll(async () => {
  await first.stop();
  await second.stop();
});

async function command({ data }: Running, ...words: string[]): Promise<{ code: number; said: string }> {
  let said = '';
  const code = await runCommandLine(
    [...words, '--json'],
    {
      env: { IRONBARK_DATA: data },
      root,
      stdin: Readable.from([]),
      out: (text) => {
        said += text;
      },
      err: (text) => {
        said += text;
      },
    },
    new AbortController().signal,
  );
  return { code, said };
}

/** Of a command that must be good: what it printed. */
async function good(on: Running, ...words: string[]): Promise<unknown> {
  const { code, said } = await command(on, ...words);
  if (code !== 0) throw new Error(`${words.join(' ')} gave ${code}: ${said}`);
  return JSON.parse(said.slice(said.indexOf('{')));
}

const listed = z.object({
  assets: z.array(
    z.looseObject({
      id: z.string(),
      name: z.string(),
      kind: z.string(),
      state: z.string(),
      owner: z.string().nullable(),
      classification: z.string().nullable(),
      dependsOn: z.number(),
    }),
  ),
});
const assets = async (on: Running) =>
  listed
    .parse(await good(on, 'asset', 'list'))
    .assets.map(({ name, kind, state, owner, classification, dependsOn }) => ({
      name,
      kind,
      state,
      owner,
      classification,
      dependsOn,
    }));

test('the inventory is kept by its commands: added, imported, tied, merged, retired, and each refusal told', async () => {
  for (const on of [first, second])
    await good(on, 'community', 'setup', '--id', 'wattle', '--name', 'Wattle Cloud');
  const of = ['--tenancy', 'wattle-odce'];
  await good(first, 'asset', 'add', 'Payroll', ...of, '--kind', 'information', '--owner', 'Ann Li');
  const file = join(folder, 'hosts.csv');
  writeFileSync(
    file,
    'kind,name,hostname,owner,classification\nhost,db1,db1.wattle.example,Ben,PROTECTED\nhost,db2,db2.wattle.example,Ben,PROTECTED\nhost,db02,db02.wattle.example,,\n',
  );
  expect(await good(first, 'asset', 'import', file, ...of, '--dry-run')).toMatchObject({
    applied: false,
    counts: { new: 3 },
  });
  expect(await assets(first)).toHaveLength(1);
  expect(await good(first, 'asset', 'import', file, ...of)).toMatchObject({ applied: true });
  for (const host of ['db1', 'db2'])
    await good(first, 'asset', 'depend', 'Payroll', host, '--degrees', '0.9/0.9/1', '--gate', '1 databases');
  await good(first, 'asset', 'reach', 'db1', 'db2', '--via', 'admin', '--probability', '0.5');
  await good(first, 'asset', 'merge', 'db2', 'db02', '--why', 'renamed in March');
  expect(await assets(first)).toHaveLength(3);
  expect(await good(first, 'asset', 'show', 'Payroll')).toMatchObject({
    owner: 'Ann Li',
    dependencies: [
      { asset: { name: 'db1' }, c: 0.9, a: 1, gate: { name: 'databases', kind: 'k-of-n', k: 1 } },
      { asset: { name: 'db2' } },
    ],
  });
  await good(first, 'asset', 'retire', 'db1', '--why', 'scrapped');
  await good(first, 'asset', 'retire', 'db1', '--why', 'it was not', '--undo');
  expect(await good(first, 'asset', 'proposed')).toEqual({ proposals: [] });
  expect((await command(first, 'asset', 'show', 'nobody')).code).toBe(1);
  expect((await command(first, 'asset', 'list', '--kind', 'spaceship')).code).toBe(2);
  const bad = join(folder, 'bad.csv');
  writeFileSync(bad, 'kind,name\nspaceship,Enterprise\nsite,Canberra\n');
  expect((await command(first, 'asset', 'import', bad, ...of)).code).toBe(1);
  expect(await assets(first)).toHaveLength(3);
}, 240_000);

const cells = z.object({
  controls: z.array(
    z.looseObject({ id: z.string(), status: z.string(), responsible: z.string().nullable().optional() }),
  ),
});
const standings = async (on: Running) =>
  cells
    .parse(await good(on, 'control', 'list', 'odce'))
    .controls.map(({ id, status, responsible }) => ({ id, status, responsible }))
    .sort((a, b) => (a.id < b.id ? -1 : 1));

const table = z.array(z.record(z.string(), z.string()));
/** What people said of each control, as the table of the controls has it; dates and who said it are each system's own. */
async function answered(on: Running): Promise<unknown[]> {
  const file = join(folder, `${on === first ? 'first' : 'second'}.csv`);
  await good(on, 'control', 'export', 'odce', file);
  return table
    .parse(parse(readFileSync(file), { columns: true }))
    .map(({ control, answer, narrative, statement, stands, ...row }) => ({
      control,
      answer,
      narrative,
      statement,
      stands,
      entity: row['responsible entity'],
      customer: row['customer responsibility'],
    }));
}

test('our own export, imported into an empty system, gives the same state', async () => {
  await good(
    first,
    'framework',
    'activate',
    'ironbark-baseline@1.0.0',
    '--system',
    'odce',
    '--profile',
    'all',
  );
  const all = await standings(first);
  expect(all.length).toBeGreaterThan(20);
  const said = [
    ['Effective', 'Passkeys for everybody, "without" exception; =1+1 is text.'],
    ['Ineffective', 'Two hosts are late.'],
    ['Alternate Control', 'A second person looks.'],
    ['Not Implemented', 'Begins in March.'],
  ] as const;
  for (const [at, [status, narrative]] of said.entries())
    await good(
      first,
      'control',
      'answer',
      'odce',
      all[at * 3]?.id ?? '',
      '--status',
      status,
      '--narrative',
      narrative,
    );
  const bundle = join(folder, 'oscal');
  await good(first, 'oscal', 'export', '--environment', 'odce', '--out', bundle);
  await good(
    first,
    'report',
    'make',
    'ssp-annex',
    '--environment',
    'odce',
    '--out',
    join(folder, 'annex.xlsx'),
  );
  expect((await command(first, 'asset', 'export', '--out', join(folder, 'assets.json'))).code).toBe(0);
  expect(readdirSync(bundle)).toEqual(
    expect.arrayContaining(['catalog.json', 'profile.json', 'ssp.json', 'assessment-results.json']),
  );

  expect(
    await good(
      second,
      'asset',
      'import',
      join(folder, 'assets.json'),
      '--tenancy',
      'wattle-odce',
      '--format',
      'ironbark',
    ),
  ).toMatchObject({ applied: true, counts: { refused: 0, ambiguous: 0 } });
  // Nothing of what ships with it is used: the second is assessed against the catalogue that came with the bundle.
  await good(second, 'framework', 'import', join(bundle, 'catalog.json'), '--framework', 'restored');
  await good(second, 'framework', 'activate', 'restored@1.0.0', '--system', 'odce', '--profile', 'all');
  expect(
    await good(second, 'report', 'import', join(bundle, 'ssp.json'), '--environment', 'odce'),
  ).toMatchObject({ applied: true, changed: said.length, refused: 0 });

  expect(await assets(second)).toEqual(await assets(first));
  const edges = async (on: Running) => {
    const { dependencies } = z
      .looseObject({
        dependencies: z.array(
          z.looseObject({ asset: z.looseObject({ name: z.string() }), c: z.number(), gate: z.unknown() }),
        ),
      })
      .parse(await good(on, 'asset', 'show', 'Payroll'));
    return dependencies.map(({ asset, c, gate }) => ({ to: asset.name, c, gate }));
  };
  expect(await edges(second)).toEqual(await edges(first));
  expect(await standings(second)).toEqual(await standings(first));
  expect(await answered(second)).toEqual(await answered(first));
  // And the annex of the first changes nothing in the second.
  expect(
    await good(second, 'report', 'import', join(folder, 'annex.xlsx'), '--environment', 'odce'),
  ).toMatchObject({ applied: true, changed: 0, refused: 0 });
}, 300_000);
