import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { runCommandLine } from '../run.ts';
import { evtxRecord, needsEvtxexport, readEvtx } from './evtx.ts';
import { readValues } from './json-values.ts';
import { readLines } from './lines.ts';
import { readRecords } from './records.ts';
import { parseXml } from './xml.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(`${tmpdir()}/ironbark-detect-`);
  mkdirSync(`${folder}/rules`);
  write('rules/dns.yml', rule('dns-rule', 'zeek', 'medium', "{query|endswith: '.bad.example'}"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const rule = (id: string, product: string, level: string, selection: string) =>
  `title: Rule ${id}\nid: ${id}\nname: ${id}\nauthor: Jo\ntags: [attack.t1071]\nlevel: ${level}\nlogsource: {product: ${product}}\ndetection:\n  s: ${selection}\n  condition: s\n`;
function write(name: string, content: string | Buffer): string {
  writeFileSync(`${folder}/${name}`, content);
  return `${folder}/${name}`;
}
async function detect(words: readonly string[], stdin = '', terminal = false) {
  let out = '';
  let err = '';
  const io = {
    env: {},
    root: fileURLToPath(new URL('../../..', import.meta.url)),
    stdin: Readable.from([Buffer.from(stdin)]),
    terminal,
    out: (text: string) => void (out += text),
    err: (text: string) => void (err += text),
  };
  const code = await runCommandLine(
    ['detect', '--rules', `${folder}/rules`, ...words],
    io,
    new AbortController().signal,
  );
  return { code, out, err };
}
const hit = (query = 'x.bad.example') => JSON.stringify({ _path: 'dns', ts: 1_700_000_000, query });
const miss = JSON.stringify({ _path: 'dns', ts: 1_700_000_000, query: 'fine.example' });
/** Beyond 17 digits a number stays text, which is tested by itself. */
const exact = (one: unknown) => !/\d{17}/.test(JSON.stringify(one));
const lines = (out: string): { file: string; line: number }[] =>
  out
    .trim()
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as { file: string; line: number }); // Our own output, tested below.

describe('output', () => {
  test('--json is one line a match, in the form that is documented', async () => {
    const file = write('a.ndjson', `${miss}\n\n${hit()}\n`);
    const { code, out } = await detect(['--json', file]);
    expect(JSON.parse(out)).toEqual({
      file,
      line: 2,
      rule: { id: 'dns-rule', title: 'Rule dns-rule', level: 'medium', tags: ['attack.t1071'], author: 'Jo' },
      matched: { query: 'x.bad.example' },
    });
    expect(code).toBe(12);
  });
  test('the table says level, time, place, rule and value; control characters never reach the terminal', async () => {
    const file = write('a.ndjson', hit('\u001b[31m.bad.example'));
    const { out, err } = await detect([file]);
    expect(out).toBe(
      `medium        2023-11-14T22:13:20Z  ${file}:0  Rule dns-rule  query=\uFFFD[31m.bad.example\n`,
    );
    expect(err).toBe('1 events · 1 rules · 1 matches (1 medium)\n');
  });
  test('the exit code is the highest level that matched, 0 for none, 1 for what could not be read', async () => {
    write('rules/b.yml', rule('critical-rule', 'zeek', 'critical', '{query: worst}'));
    const file = write('a.ndjson', `${hit()}\n${hit('worst')}\n`);
    expect((await detect([file])).code).toBe(14);
    expect((await detect(['--level', 'critical', write('b.ndjson', hit())])).code).toBe(0);
    expect((await detect([write('c.ndjson', `${miss}\n{broken\n`)])).code).toBe(1);
  });
  test('the timeline is one page without scripts, and foreign text in it is text', async () => {
    write(
      'rules/dns.yml',
      rule('dns-rule', 'zeek', 'high', '{query: a}').replace('Rule dns-rule', "'<script>alert(1)</script>'"),
    );
    const target = `${folder}/t.html`;
    await detect([
      '--timeline',
      target,
      write('a.ndjson', `${hit('a')}\n${JSON.stringify({ _path: 'dns', query: 'a' })}\n`),
    ]);
    const html = readFileSync(target, 'utf8');
    expect(html).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(html).not.toMatch(/<script|https?:/);
    expect(html).toContain('<svg');
    expect(html).toContain('1 matches have no time that can be read');
  });
  test('on a terminal a bar shows how far it is, and leaves nothing behind', async () => {
    const { err } = await detect([write('a.ndjson', `${miss}\n`)], '', true);
    expect(err).toContain('] 100% 0.0 MB');
    expect(err.split('\r\u001b[2K').at(-1)).toBe('1 events · 1 rules · no matches\n');
  });
});

describe('inputs', () => {
  test('NDJSON, an array, objects over lines, gzip, CloudTrail’s envelope, a folder and standard input', async () => {
    mkdirSync(`${folder}/in`);
    write('in/a.ndjson', `\uFEFF${miss}\r\n${hit()}\r\n`);
    write('in/b.json', `[\n ${miss},\n ${hit()}\n]\n`);
    write(
      'in/c.json',
      `${JSON.stringify(JSON.parse(miss), null, 2)}\n${JSON.stringify(JSON.parse(hit()), null, 2)}`,
    );
    write('in/d.ndjson.gz', gzipSync(`${miss}\n${hit()}`));
    write('in/e.json', `{"Records":[${miss},${hit()}]}`);
    write('in/ignored.bin', hit());
    const found = lines((await detect(['--json', `${folder}/in`, '-'], `${hit()}\n`)).out);
    expect(found.map(({ file, line }) => `${file.replace(`${folder}/in/`, '')} ${line}`)).toEqual([
      'a.ndjson 1',
      'b.json 1',
      'c.json 1',
      'd.ndjson.gz 1',
      'e.json 0',
      '- 0',
    ]);
  });
  test('plain lines are events with a message, for rules of the declared log source', async () => {
    write('rules/k.yml', rule('linux-rule', 'linux', 'low', "['segfault at']"));
    const { code, out } = await detect(
      ['--json', '--logsource', 'linux', '-'],
      'all fine\nkernel: segfault at 0\n',
    );
    expect(JSON.parse(out)).toMatchObject({
      file: '-',
      line: 1,
      matched: { keyword: 'kernel: segfault at 0' },
    });
    expect(code).toBe(11);
  });
  test('--logsource decides for records that do not say, and --pipeline maps their fields', async () => {
    write('rules/o.yml', rule('okta-rule', 'okta', 'low', '{eventType: user.session.start}'));
    const record = JSON.stringify({ eventtype: 'user.session.start' });
    expect((await detect(['--logsource', 'okta//okta', '-'], record)).code).toBe(0);
    expect((await detect(['--logsource', 'okta//okta', '--pipeline', 'okta', '-'], record)).code).toBe(11);
  });
  test('correlations are worked out over all inputs, in the order of the events’ own time', async () => {
    write(
      'rules/c.yml',
      `title: Twice\nid: twice\nlevel: high\ncorrelation: {type: event_count, rules: [dns-rule], group-by: [query], timespan: 1m, condition: {gte: 2}}\n`,
    );
    const at = (seconds: number) =>
      JSON.stringify({ _path: 'dns', ts: 1_700_000_000 + seconds, query: 'x.bad.example' });
    const late = write('a.ndjson', `${at(5000)}\n${at(5030)}\n`);
    const early = write('b.ndjson', `${at(30)}\n${at(0)}\n`);
    const { code, out } = await detect(['--json', late, early]);
    expect(
      out
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown),
    ).toMatchObject([
      { file: early, line: 0, rule: { id: 'twice' }, matched: { query: 'x.bad.example', events: 2 } },
      { file: late, line: 1, rule: { id: 'twice' } },
    ]);
    expect(code).toBe(13);
  });
});

describe('bad input', () => {
  test('scalars, arrays in a line, broken JSON and a broken gzip are told and counted; the rest goes on', async () => {
    const file = write('a.ndjson', `{"a":1}\n42\n[1]\n{"a":\n${hit()}\n`);
    const gzip = write(
      'b.ndjson.gz',
      Buffer.concat([gzipSync(miss).subarray(0, 12), Buffer.from('garbage')]),
    );
    const { code, out, err } = await detect(['--json', gzip, file]);
    expect(lines(out)).toMatchObject([{ file, line: 4 }]);
    expect(code).toBe(12);
    expect(lines(err).map(({ file: name, line }) => `${name === file ? 'a' : 'b'} ${line}`)).toEqual([
      'b null',
      'a 1',
      'a 2',
      'a 3',
    ]);
  });
  test('a rule that can’t be used is said with its file and line, and the others work', async () => {
    write('rules/bad.yml', rule('bad', 'zeek', 'low', '{query|sideways: x}'));
    const { err, code } = await detect(['-'], hit());
    expect(err).toContain(`${folder}/rules/bad.yml:9: `);
    expect(err).toContain('1 rules not usable');
    expect(code).toBe(12);
  });
  test.each([
    ['a folder that is not there', ['nowhere'], 'ENOENT'],
    ['a log source of four words', ['--logsource', 'a/b/c/d', '-'], 'product/category/service'],
    ['a level nobody knows', ['--level', 'loud', '-'], 'critical'],
    ['a pipeline that is not there', ['--pipeline', 'moon', '-'], 'ENOENT'],
  ])('%s is wrong usage', async (_, words, why) => {
    const { code, err } = await detect(words);
    expect(code).toBe(2);
    expect(err).toContain(why);
  });
  test('a folder without a usable rule is wrong usage', async () => {
    write('rules/dns.yml', 'title: [');
    expect(await detect(['-'], hit())).toMatchObject({ code: 2 });
  });
  test('numbers beyond 2^53 are compared as they are written', async () => {
    write('rules/n.yml', rule('number-rule', 'p', 'low', '{id: 9007199254740993123}'));
    const record = (id: string) =>
      `{"product":"p","note":"id:1234567890123456789, said","id":${id}}\n{"product":"p","id":${id}}\n`;
    const found = lines(
      (await detect(['--json', '-'], record('9007199254740993123') + record('9007199254740993000'))).out,
    );
    expect(found.map(({ line }) => line)).toContain(1);
    expect(found.map(({ line }) => line)).not.toContain(3);
  });
  test('a lone surrogate, a NUL byte, 5,000 fields and 100 levels are events like any other', async () => {
    write('rules/x.yml', rule('odd-rule', 'p', 'low', '{x|contains: found}'));
    const wide = Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`f${i}`, i]));
    const deep = `${'{"d":'.repeat(100)}1${'}'.repeat(100)}`;
    const input = [
      '{"product":"p","x":"\\ud800 found"}',
      '{"product":"p","x":"\\u0000found"}',
      JSON.stringify({ product: 'p', x: 'found', ...wide }),
      `{"product":"p","x":"found","d":${deep}}`,
    ];
    expect(lines((await detect(['--json', '-'], input.join('\n'))).out).map(({ line }) => line)).toEqual([
      0, 1, 2, 3,
    ]);
  });
  test('a line beyond the cap is counted, and held by nobody', async () => {
    async function* chunks() {
      yield Buffer.from('{"a":1}\n');
      for (let i = 0; i < 20; i++) yield Buffer.alloc(1000, 'x');
      yield Buffer.from('\n{"b":2}');
    }
    const seen = [];
    for await (const batch of readLines(chunks(), 5000)) seen.push(...batch);
    expect(seen).toEqual([
      { number: 0, text: '{"a":1}' },
      { number: 1, tooLong: true },
      { number: 2, text: '{"b":2}' },
    ]);
  });
});

describe('readers', () => {
  async function* inPieces(text: string, sizes: readonly number[]): AsyncGenerator<Buffer> {
    const bytes = Buffer.from(text);
    for (let at = 0, i = 0; at < bytes.length; i++) {
      const size = Math.max(1, sizes[i % Math.max(1, sizes.length)] ?? bytes.length);
      yield bytes.subarray(at, at + size);
      at += size;
    }
  }
  const object = fc
    .dictionary(fc.string({ maxLength: 8 }), fc.jsonValue({ maxDepth: 3 }), { maxKeys: 4 })
    .filter((one) => !('Records' in one) && exact(one));
  test('arrays and objects over several lines come out whole, however the bytes are cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(object, { maxLength: 6 }),
        fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 }),
        fc.boolean(),
        async (objects, sizes, asArray) => {
          const text = asArray
            ? JSON.stringify(objects, null, 2)
            : objects.map((one) => JSON.stringify(one, null, 2)).join('\n');
          const seen: unknown[] = [];
          for await (const batch of readValues(inPieces(text, sizes), 1e6))
            for (const value of batch) seen.push('text' in value ? JSON.parse(value.text) : value);
          expect(seen).toEqual(objects.map((one) => JSON.parse(JSON.stringify(one)) as unknown));
        },
      ),
    );
  });
  test('NDJSON comes out line by line, however the bytes are cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(object, { minLength: 1, maxLength: 6 }),
        fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 }),
        async (objects, sizes) => {
          const seen: unknown[] = [];
          for await (const batch of readRecords(
            inPieces(objects.map((one) => JSON.stringify(one)).join('\n'), sizes),
          ))
            for (const read of batch) seen.push('record' in read ? read.record : read);
          expect(seen).toEqual(objects.map((one) => JSON.parse(JSON.stringify(one)) as unknown));
        },
      ),
    );
  });
  test('any bytes are read to their end without an error', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => {
        async function* once() {
          yield Buffer.from(bytes);
        }
        for await (const batch of readRecords(once())) expect(batch.length).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});

describe('EVTX', () => {
  const xml = `<Event xmlns="http://schemas.microsoft.com/win/2004/08/events/event"><System><Provider Name="P &amp; Q" Guid="{g}"/><EventID Qualifiers="16384">7045</EventID><Channel>System</Channel><Computer>PC1</Computer><Security/></System><EventData><Data Name="Mask">0x00001410</Data><Data Name="Text">a &lt;b&gt; &#x41;<![CDATA[ & c]]></Data><Data>one</Data><Data>two</Data></EventData></Event>`;
  test('the exporter’s XML becomes the JSON that recordings are shared in', () => {
    const event = parseXml(xml);
    expect(event && evtxRecord(event)).toEqual({
      System: {
        Provider: { '#attributes': { Name: 'P & Q', Guid: '{g}' } },
        EventID: { '#attributes': { Qualifiers: '16384' }, '#text': 7045 },
        Channel: 'System',
        Computer: 'PC1',
        Security: null,
      },
      EventData: { Mask: '0x1410', Text: 'a <b> A & c', Data: ['one', 'two'] },
    });
  });
  async function all(program: string): Promise<unknown[]> {
    const seen: unknown[] = [];
    for await (const batch of readEvtx('x.evtx', program)) seen.push(...batch);
    return seen;
  }
  test('events come one by one from the exporter’s output', async () => {
    const program = write(
      'exporter',
      `#!/bin/sh\nprintf '%s\\n' 'evtxexport 20181227' '<?xml version="1.0"?>' '${xml.replaceAll("'", '')}' '<Event><broken></Event>' '<Event><System/></Event>'\n`,
    );
    chmodSync(program, 0o755);
    expect(await all(program)).toMatchObject([
      { line: 0, record: { Event: { System: { Channel: 'System' } } } },
      { line: 1, why: 'not well-formed XML' },
      { line: 2, record: { Event: { System: {} } } },
    ]);
  });
  test('without the exporter it says what to install', async () => {
    await expect(all(`${folder}/not-there`)).rejects.toThrow(needsEvtxexport);
  });
  test('XML of entities, depth and rubbish is read or refused, never an error', () => {
    expect(parseXml('<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>')).toBeUndefined();
    expect(parseXml('<x>&a;&#x110000;</x>')?.text).toBe('&a;&#x110000;');
    expect(parseXml('<a>'.repeat(100) + '</a>'.repeat(100))).toBeUndefined();
    expect(parseXml('<a><b></a></b>')).toBeUndefined();
    fc.assert(
      fc.property(
        fc.array(
          fc.constantFrom('<a', '>', '</a>', ' x="1"', '&lt;', '<![CDATA[', ']]>', '<!--', 'text', '"', '/'),
        ),
        (parts) => void parseXml(parts.join('')),
      ),
    );
  });
});
