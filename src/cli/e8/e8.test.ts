import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { loadTable } from '#essential-eight';
import { runCommandLine } from '../run.ts';
import { readAnswers } from './answers.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(`${tmpdir()}/ironbark-e8-`);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const write = (name: string, content: string): string => {
  writeFileSync(`${folder}/${name}`, content);
  return `${folder}/${name}`;
};
async function e8(...words: readonly string[]) {
  let [out, err] = ['', ''];
  const code = await runCommandLine(
    ['e8', ...words],
    {
      env: {},
      root,
      stdin: Readable.from([]),
      out: (text) => void (out += text),
      err: (text) => void (err += text),
    },
    new AbortController().signal,
  );
  return { code, out, err };
}
const told = z.object({
  level: z.number(),
  possible: z.number(),
  met: z.string(),
  gaps: z.array(
    z.object({
      control: z.string(),
      verdict: z.string(),
      failing: z.array(z.object({ subject: z.string() })),
    }),
  ),
  files: z.array(z.object({ name: z.string(), kind: z.string(), refused: z.string().nullable() })).optional(),
});
const effective = () =>
  `control,status\n${loadTable(root)
    .controls.map(({ id }) => `${id.toUpperCase()},Effective`)
    .join('\n')}\n`;
const hosts = 'host,role,os,office\nPC1,workstation,Windows 11,yes\n';
const rules = [
  'd4f940ab-401b-4efc-aadc-ad5f3c50688a',
  '92e97fa1-2edf-4476-bdd6-9dd0b4dddc7b',
  '3b576869-a4ec-4529-8536-b80a7769e899',
  '75668c1f-73b5-4cf0-bb93-3ecf5cb7cc84',
  '7674ba52-37eb-4a4f-a9a1-f0f9a1619a2c',
];
const preferences = (first: number) =>
  JSON.stringify({
    PSComputerName: 'PC1',
    AttackSurfaceReductionRules_Ids: rules,
    AttackSurfaceReductionRules_Actions: [first, 1, 1, 1, 1],
  });

test('answers alone: every control effective meets the target, and the exit code says so', async () => {
  const { code, out } = await e8('--answers', write('answers.csv', effective()), '--json');
  expect(code).toBe(0);
  expect(told.parse(JSON.parse(out))).toMatchObject({ level: 3, met: 'yes', gaps: [] });
});

test('evidence that says otherwise wins over an answer', async () => {
  const { code, out } = await e8(
    write('hosts.csv', hosts),
    write('preferences.json', preferences(2)),
    '--answers',
    write('answers.csv', effective()),
    '--json',
  );
  expect(code).toBe(10);
  const found = told.parse(JSON.parse(out));
  expect(found).toMatchObject({ level: 1, met: 'no' });
  expect(found.gaps.find(({ control }) => control === 'ism-1667')).toMatchObject({
    verdict: 'not-met',
    failing: [{ subject: 'PC1' }],
  });
  expect(found.files?.map(({ kind }) => kind)).toEqual(['inventory.hosts', 'windows.state']);
});

test('evidence alone leaves most of it unknown, and says what would settle it', async () => {
  const { code, out } = await e8(
    write('hosts.csv', hosts),
    write('preferences.json', preferences(1)),
    '--gaps',
  );
  expect(code).toBe(11);
  expect(out).toContain(
    'ML0, up to ML3 if everything unknown is met. The target of ML2 may be met: nobody can tell.',
  );
  expect(out).not.toContain('ism-1667');
  expect(out).toMatch(/ism-1504 .* Bring /);
});

test('answers as JSON and CSV: bad rows are told and don’t count', async () => {
  const json = await readAnswers(
    'a.json',
    Buffer.from('{"ism-1504":"effective","0974":"Not Applicable","x":"Effective"}'),
  );
  expect([...json.byControl]).toEqual([
    ['ism-1504', 'Effective'],
    ['ism-0974', 'Not Applicable'],
  ]);
  expect(json.bad).toEqual([{ row: 3, why: '"x" is no control like ism-1504.' }]);
  const csv = await readAnswers(
    'a.csv',
    Buffer.from(
      '\uFEFFIdentifier;Implementation status\nISM-1504;yes\nISM-1504;Effective\nISM-1504;Ineffective\n',
    ),
  );
  expect([...csv.byControl]).toEqual([['ism-1504', 'Effective']]);
  expect(csv.bad.map(({ row }) => row)).toEqual([2, 4]);
});

test.each([
  [[], 'Say --environment'],
  [['--environment', 'odce', 'x.csv'], 'not both'],
  [['nowhere.csv'], "can't be read"],
  [['--answers', 'nowhere.csv'], "can't be read"],
])('%j is wrong usage', async (words, why) => {
  const { code, err } = await e8(...words);
  expect(code).toBe(2);
  expect(err).toContain(why);
});
