import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import writeWorkbook from 'write-excel-file/node';
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

const write = (name: string, content: string | Buffer): string => {
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

/** An annex of these rows; the NC cell of each says what is given. */
const annex = (rows: readonly (readonly [control: string, status: string, nc: string, comment?: string])[]) =>
  writeWorkbook(
    [
      [
        'Identifier',
        'Description',
        'Responsible Entity',
        'Implementation Status',
        'Implementation Comments',
        'NC',
      ],
      ...rows.map(([control, status, nc, comment = '']) => [
        control,
        'What it asks.',
        'Consumer',
        status,
        comment,
        nc,
      ]),
    ].map((cells) => cells.map((value) => ({ value, type: String }))),
    { sheet: 'March 2025' },
  ).toBuffer();

test('answers as an SSP annex: a dirty cell is told with its row, which doesn’t count, and the rest does', async () => {
  const bytes = await annex([
    ['ISM-1504', 'Effective', 'Yes'],
    ['ISM-0974', 'yes', 'Yes'],
    ['ISM-1173', 'Effective', 'ISM-1401'],
    ['ISM-1504', 'Ineffective', 'Yes'],
    ['1401', 'Not Implemented', 'No', '=HYPERLINK("http://example.org")'],
  ]);
  const read = await readAnswers('annex.xlsx', bytes);
  expect(read.byControl.get('ism-1504')).toBe('Effective');
  expect(read.byControl.has('ism-0974')).toBe(false);
  expect(read.bad.map(({ row }) => row)).toEqual(expect.arrayContaining([3, 5]));
  const { code, out } = await e8('--answers', write('annex.xlsx', bytes), '--json');
  expect(code).not.toBe(0);
  const { answers } = z
    .object({ answers: z.object({ taken: z.number(), bad: z.array(z.object({ row: z.number() })) }) })
    .parse(JSON.parse(out));
  expect(answers.taken).toBe(read.byControl.size);
  expect(answers.bad).toHaveLength(read.bad.length);
});

test('all answers of an annex count as those of a table do', async () => {
  const all = loadTable(root).controls.map(({ id }) => [id.toUpperCase(), 'Effective', 'Yes'] as const);
  const { code, out } = await e8('--answers', write('annex.xlsx', await annex(all)), '--json');
  expect(code).toBe(0);
  expect(told.parse(JSON.parse(out))).toMatchObject({ level: 3, met: 'yes', gaps: [] });
});

test('a workbook that is cut off, or has other sheets, is refused with what to do', async () => {
  const bytes = await annex([['ISM-1504', 'Effective', 'Yes']]);
  const cut = await e8('--answers', write('annex.xlsx', bytes.subarray(0, bytes.length - 40)));
  expect(cut.code).toBeGreaterThan(0);
  expect(cut.err).not.toBe('');
  const other = await writeWorkbook([[{ value: 'Hello', type: String }]], { sheet: 'A' }).toBuffer();
  expect((await e8('--answers', write('other.xlsx', other))).err).toContain('columns of an SSP annex');
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
