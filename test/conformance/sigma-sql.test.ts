import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import {
  createRuleset,
  type LogSource,
  parseRules,
  recognise,
  type Rule,
  ruleSql,
  type View,
} from '@ironbark/sigma';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { EventBlock, type EventStore, openEvents } from '#platform/events';
import { loadMaps, mapColumns, Normaliser, Planner } from '#soc/normalise';
import { corpusRules, gzipLines } from '../corpus.ts';
import { sharedData } from '../shared.ts';

/*
 * A rule asked of the stored rows must name the events that the matcher names.
 */
const data = sharedData('detection');
const maps = loadMaps(fileURLToPath(new URL('../../content/normalise', import.meta.url)));
const planner = new Planner(maps, mapColumns());

let folder: string;
let store: EventStore;
beforeAll(async () => {
  folder = mkdtempSync(`${tmpdir()}/ironbark-sql-`);
  store = await openEvents({ folder });
});
afterAll(async () => {
  await store?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Stores the events under a tenancy of their own. */
async function keep(tenancy: string, views: readonly View[]): Promise<void> {
  const block = new EventBlock();
  const normaliser = new Normaliser();
  const months = new Set<number>();
  for (const [sequence, view] of views.entries()) {
    const item = {
      tenancy,
      source: 'test',
      sequence,
      uid: new Uint8Array(16),
      clientId: '',
      receivedMs: Date.UTC(2026, 0, 1),
      recorded: false,
      raw: '',
      keepRaw: false,
      rawHash: '\0'.repeat(32),
      quality: 0,
      months,
      maxMonths: 64,
    };
    normaliser.write(block, view, planner.planOf(view), item, []);
  }
  await store.insert(block.finish());
}

async function hunted(tenancy: string, rule: Rule): Promise<number[]> {
  const sql = ruleSql(rule);
  if (!sql.ok) throw new Error(`${rule.id}: ${sql.fault.why}`);
  const rows = await store.systemQuery<{ n: string | number }>({
    sql: `SELECT source_sequence AS n FROM event WHERE tenancy_id = {tenancy:String} AND ${sql.where}`,
    params: { ...sql.params, tenancy },
    maxSeconds: 60,
  });
  return rows.map(({ n }) => Number(n)).sort((a, b) => a - b);
}

function matched(views: readonly View[], rules: readonly Rule[]): Map<string, number[]> {
  const matcher = createRuleset(rules).matcher();
  const found = new Map<string, number[]>();
  for (const [sequence, view] of views.entries()) {
    for (const { rule } of matcher.match(view)) found.set(rule.id, [...(found.get(rule.id) ?? []), sequence]);
  }
  return found;
}

function see(record: unknown, declared?: LogSource): View {
  const view = recognise(record, declared);
  if (view.format === 'unreadable') throw new Error(view.why);
  return view;
}

const records: readonly Record<string, unknown>[] = [
  { A: 'C:\\Windows\\System32\\cmd.exe', n: 5 },
  { A: 'c:\\windows\\SYSTEM32\\CMD.EXE', n: '5.0', 'x.y': 'literal' },
  { A: '', n: -1.5e3, x: { y: 'nested' } },
  { A: null, n: 'five', x: [{ y: 'one' }, { y: ['two', 'three'] }] },
  { n: 5, B: 'C:\\Windows\\System32\\cmd.exe', A: 'C:\\Windows\\System32\\cmd.exe' },
  { A: ['first', 'Second', 3, true], B: 'SECOND' },
  { A: 'a%b_c\\d', B: 'A%B_C\\D' },
  { A: 'line one\nline two', B: 'it\'s "quoted" {p1:String} -- ' },
  { A: '10.1.2.3', B: '2001:db8::1' },
  { A: '10.1.2.300', B: '2001:db9::1' },
  { A: true, B: false },
  { A: '[System.Net.WebClient]::new()', B: '["not a list"' },
  { A: 'İstanbul Kelvin', B: 'straße' },
  { A: 'x\u0000y', B: '–dash' },
  { A: 12345678901, B: 0 },
  { A: { inner: 1 } },
  { A: 'powershell -enc SQBFAFgA', B: '-' },
  {},
  { t: '2024-12-30T23:05:59.123+10:00', A: 'two', x: [{ y: 'one' }, { y: ['two', 'three'] }] },
  { t: '2021/01/03 07:15', A: 'nested', x: { y: 'Nested' } },
  { t: ' 2024-02-29', A: 'LITERAL', 'x.y': 'literal', x: { y: 'other' } },
  { t: '2023-02-29T10:00:00', A: 'x' },
  { t: '2024-13-01', A: 'x' },
  { t: '2024-01-01T24:00:00', A: 'x' },
  { t: '0099-12-31 00:59', A: 'x' },
  { t: '9999-01-01', A: 'x' },
  { t: 1_735_560_359 },
  { t: 1_735_560_359_123 },
  { t: '1735560359.25' },
  { t: 253_402_300_799 },
  { t: 9_999_999_999 },
  { t: 86_400 },
  { t: '2024' },
  { t: ['no date', '2024-07-01T11:59:00Z'] },
];

const detections: Readonly<Record<string, string>> = {
  equals: "{A: 'c:\\windows\\system32\\cmd.exe'}",
  endswith: "{A|endswith: '\\cmd.exe'}",
  startswith: "{A|startswith: ['c:\\WIN', 'line']}",
  contains: "{A|contains: [system32, '%b_', second]}",
  'contains all': '{A|contains|all: [system32, windows]}',
  cased: "{A|endswith|cased: '.EXE'}",
  wildcard: "{A: '?:\\\\*\\cmd.*'}",
  'wildcard over lines': "{A: 'line*two'}",
  'percent and underscore': "{A|contains: '%b_c\\d'}",
  'wildcard with percent': "{A: '?%b_c?d'}",
  'empty text': "{A: ''}",
  null: '{A: null}',
  'not null': '{A|neq: null}',
  exists: '{B|exists: true}',
  'does not exist': '{B|exists: false}',
  number: '{n: 5}',
  'number and text': "{n: [5, 'five']}",
  'less than': '{n|lt: 5}',
  'at least': '{n|gte: 5}',
  regex: "{A|re: '(?i)SYSTEM32.cmd'}",
  'regex with a dot over lines': "{A|re: 'one.line'}",
  'regex with dotall': "{A|re|s: 'one.line'}",
  'regex with multiline': "{A|re|m: '^line two$'}",
  'regex in any case': "{A|re|i: '^C:'}",
  'cidr of four': "{A|cidr: '10.1.0.0/16'}",
  'cidr of six': "{B|cidr: '2001:db8::/32'}",
  'cidr of odd bits': "{A|cidr: '10.0.0.0/9'}",
  boolean: '{A: true}',
  'a list’s element': '{A: second}',
  'a list’s number': '{A: 3}',
  'a list’s end': '{A|endswith: st}',
  'what looks like a list': "{A|startswith: '[system'}",
  'broken list': "{B|contains: 'not a'}",
  reference: '{A|fieldref: B}',
  'reference at the end': '{A|fieldref|endswith: B}',
  neq: '{A|neq: second}',
  'Turkish i': '{A|contains: kelvin}',
  'sharp s': '{B: STRASSE}',
  'a NUL byte': '{A: "x\\0y"}',
  dash: '{B: "-"}',
  windash: "{A|windash|contains: ' /enc'}",
  base64: "{A|wide|base64offset|contains: 'IEX'}",
  'a dotted literal and paths': '{x.y: [literal, nested]}',
  'a path through lists': '{x.y: [one, three]}',
  'a path that is absent': '{x.y: null}',
  'an object is not null': '{A.inner: 1}',
  'quotes and our own parameters': '{B|contains: "it\'s \\"quoted\\" {p1:String} --"}',
  'any value': "{A: '*'}",
  'a big number': '{A: 12345678901}',
  keywords: '[second, SYSTEM32]',
  'keywords, all': "{'|all': [cmd.exe, windows]}",
  'a reference to a path': '{A|fieldref: x.y}',
  'a path that refers': '{x.y|fieldref: A}',
  'a reference from a path, in part': '{x.y|fieldref|contains: A}',
  year: '{t|year: 2024}',
  'a year long past': '{t|year|lt: 1000}',
  'a year far ahead': '{t|year|gt: 2280}',
  month: '{t|month: [12, 7]}',
  week: '{t|week: 1}',
  'the last week of the year before': '{t|week: 53}',
  day: '{t|day|gte: 29}',
  hour: '{t|hour: [7, 11, 12]}',
  'late hours': '{t|hour|gte: 22}',
  minute: '{t|minute: 59}',
  'any date': '{t|minute|gte: 0}',
  'not that year': '{t|year|neq: 2024}',
  'a list of maps': '[{A|contains: cmd}, {B: false}]',
};
const conditions: Readonly<Record<string, string>> = {
  negated: 'not s1',
  'of them': '2 of them',
  'and not': '(s1 or s2) and not s3',
  'not of a group': 'not 1 of s*',
};

test('on rows of every shape, every kind of test answers as the matcher does', async () => {
  const logsource = { product: 'shapes' };
  const views = records.map((record) => see(record, logsource));
  await keep('shapes', views);
  const one = Object.entries(detections).map(([name, selection]) => ({
    name,
    body: `s: ${selection}\n  condition: s`,
  }));
  const several = Object.entries(conditions).map(([name, condition]) => ({
    name,
    body: `s1: {A|contains: cmd}\n  s2: {n: 5}\n  s3: {B|contains: windows}\n  condition: ${condition}`,
  }));
  const { rules, faults } = parseRules(
    [...one, ...several].map(({ name, body }, i) => ({
      path: `${name}.yml`,
      text: `title: "${name}"\nid: rule-${i}\nlogsource: {product: shapes}\ndetection:\n  ${body}\n`,
    })),
  );
  expect(faults).toEqual([]);
  const wanted = matched(views, rules);
  const answers: Record<string, number[]> = {};
  for (const rule of rules) answers[rule.title] = await hunted('shapes', rule);
  expect(answers).toEqual(Object.fromEntries(rules.map((rule) => [rule.title, wanted.get(rule.id) ?? []])));
  expect([...wanted.keys()].length).toBeGreaterThan(rules.length * 0.85);
});

test('a rule whose SQL would be too long for the store is a fault that says so', () => {
  const values = Array.from({ length: 3000 }, (_, at) => `'?a${at}*b?'`).join(', ');
  const [rule] = parseRules([
    {
      path: 'r.yml',
      text: `title: t\nid: i\nlogsource: {product: p}\ndetection: {s: {A: [${values}]}, condition: s}\n`,
    },
  ]).rules;
  if (!rule) throw new Error('no rule');
  expect(ruleSql(rule)).toMatchObject({
    ok: false,
    fault: { ruleId: 'i', file: 'r.yml', what: 'too-large' },
  });
});

type Expected = { matches_by_line: Record<string, string[]> };

test.skipIf(data === undefined).each([
  {
    name: 'windows-evtx-attack-samples',
    folders: ['rules/windows', 'rules-threat-hunting/windows', 'rules-emerging-threats'],
    logsource: undefined,
  },
  {
    name: 'cloud-amazon-eks-audit',
    folders: ['rules/application/kubernetes'],
    logsource: { product: 'kubernetes', category: 'application', service: 'audit' },
  },
  {
    name: 'aws-cloudtrail-invictus',
    folders: ['rules/cloud/aws'],
    logsource: { product: 'aws', service: 'cloudtrail' },
  },
  { name: 'zeek-apt29-combined', folders: ['rules/network/zeek'], logsource: undefined },
  { name: 'zeek-dce_rpc', folders: ['rules/network/zeek'], logsource: undefined },
])(
  'on $name a hunt finds what the matcher finds',
  async ({ name, folders, logsource }) => {
    const views: View[] = [];
    for await (const line of gzipLines(`${data}/events/${name}.ndjson.gz`))
      views.push(see(JSON.parse(line), logsource));
    await keep(name, views);
    const all = parseRules(await corpusRules(folders)).rules;
    const expected = (JSON.parse(readFileSync(`${data}/expected/${name}.json`, 'utf8')) as Expected)
      .matches_by_line; // The data's README gives the shape.
    const firing = new Set(Object.values(expected).flat());
    // A share of the rules that fire, and of the others: each is a query over all events.
    const share = Math.ceil(all.length / 500);
    const rules = [
      ...all.filter(({ id }) => firing.has(id)),
      ...all.filter(({ id }, place) => !firing.has(id) && place % 20 === 0),
    ].filter((_, place) => place % share === 0);
    const wanted = matched(views, rules);
    expect(wanted.size).toBeGreaterThan(0);
    const wrong: string[] = [];
    for (const rule of rules) {
      const found = await hunted(name, rule);
      const want = wanted.get(rule.id) ?? [];
      if (found.join() !== want.join())
        wrong.push(
          `${rule.title}: found ${found.slice(0, 5).join()} of ${found.length}, wanted ${want.slice(0, 5).join()} of ${want.length}`,
        );
    }
    expect(wrong).toEqual([]);
  },
  120_000,
);
