import { existsSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCommandLine } from './run.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ironbark-oscal-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function run(...words: string[]): Promise<{ code: number; out: string; err: string }> {
  let out = '';
  let err = '';
  const io = {
    env: {},
    root: folder,
    stdin: Readable.from([]),
    out: (text: string) => void (out += text),
    err: (text: string) => void (err += text),
  };
  const code = await runCommandLine(['oscal', ...words], io, new AbortController().signal);
  return { code, out, err };
}

const file = (name: string, content: unknown): string => {
  const path = join(folder, name);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
};
const metadata = (title: string) => ({
  title,
  'last-modified': '2026-01-01T00:00:00Z',
  version: '1',
  'oscal-version': '1.1.2',
});
const uuid = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const catalog = (...statements: [string, string][]) => ({
  catalog: {
    uuid: uuid(1),
    metadata: metadata('Catalogue'),
    controls: statements.map(([id, prose]) => ({ id, title: id, parts: [{ name: 'statement', prose }] })),
  },
});
const profile = (...ids: string[]) => ({
  profile: {
    uuid: uuid(2),
    metadata: metadata('Profile'),
    imports: [{ href: 'https://example.org/catalog.json', 'include-controls': [{ 'with-ids': ids }] }],
  },
});

describe('oscal validate', () => {
  test('exits with 0 when all is good, and with 1 and the place when not', async () => {
    const good = file('good.json', catalog(['c-1', 'Do.']));
    const bad = file('bad.json', catalog(['c-1', 'Do.'], ['c-1', 'Again.']));
    expect(await run('validate', good)).toEqual({ code: 0, out: `${good}: good (catalog 1.1.2)\n`, err: '' });
    const { code, out } = await run('validate', good, bad);
    expect(code).toBe(1);
    expect(out).toContain('/catalog/controls/1/id: "c-1" is there already, at /catalog/controls/0/id.');
    const json = await run('validate', bad, '--json');
    expect(JSON.parse(json.out)).toMatchObject([
      { file: bad, good: false, faults: [{ code: 'duplicate-id' }] },
    ]);
  });

  test('holds a profile to its catalogue where that is given', async () => {
    const asked = file('profile.json', profile('c-1', 'c-9'));
    expect((await run('validate', asked)).code).toBe(0);
    const { code, out } = await run(
      'validate',
      asked,
      '--catalog',
      file('any-name.json', catalog(['c-1', 'Do.'])),
    );
    expect(code).toBe(1);
    expect(out).toContain('"c-9" is not in "Catalogue".');
    expect((await run('validate', asked, '--complete')).out).toContain('is not at hand');
  });

  test('refuses what is no OSCAL in JSON, and what is too large before it is read', async () => {
    const xml = await run('validate', file('catalog.xml', '<catalog/>'));
    expect([xml.code, xml.out]).toEqual([1, expect.stringContaining('This is XML, where JSON is due.')]);
    const large = file('large.json', '');
    truncateSync(large, 500 * 1024 * 1024);
    const { code, out } = await run('validate', large);
    expect([code, out]).toEqual([
      1,
      expect.stringContaining('The file has 500.0 MB; at most 64.0 MB are read.'),
    ]);
  });

  test('needs files that are there', async () => {
    expect((await run('validate')).code).toBe(2);
    expect(await run('validate', join(folder, 'gone.json'))).toMatchObject({ code: 2, out: '' });
  });
});

describe('oscal resolve', () => {
  test('writes the catalogue of a profile', async () => {
    const asked = file('profile.json', profile('c-2'));
    const from = file('catalog.json', catalog(['c-1', 'Do.'], ['c-2', 'Keep.']));
    const { code, out } = await run('resolve', asked, '--catalog', from);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      catalog: { controls: [{ id: 'c-2' }], metadata: { title: 'Profile' } },
    });
    const target = join(folder, 'resolved.json');
    expect(await run('resolve', asked, '--catalog', from, '--out', target)).toMatchObject({
      code: 0,
      out: `${target} is written.\n`,
    });
    expect(readFileSync(target, 'utf8')).toContain('"c-2"');
    expect((await run('validate', target)).code).toBe(0);
  });

  test('notes a control that is not there, and exits with 1', async () => {
    const from = file('catalog.json', catalog(['c-1', 'Do.']));
    const { code, err } = await run(
      'resolve',
      file('profile.json', profile('c-1', 'c-9')),
      '--catalog',
      from,
    );
    expect([code, err]).toEqual([1, expect.stringContaining('"c-9" is not in "Catalogue".')]);
  });

  test('refuses a circle, and writes nothing', async () => {
    const circle = {
      profile: { ...profile('c-1').profile, imports: [{ href: 'circle.json', 'include-all': {} }] },
    };
    const path = file('circle.json', circle);
    const target = join(folder, 'never.json');
    const { code, out } = await run('resolve', path, '--catalog', path, '--out', target, '--json');
    expect([code, JSON.parse(out)]).toMatchObject([1, { faults: [{ code: 'circular-import' }] }]);
    expect(existsSync(target)).toBe(false);
  });

  test('needs a profile and a catalogue', async () => {
    const from = file('catalog.json', catalog(['c-1', 'Do.']));
    expect((await run('resolve', from, '--catalog', from)).code).toBe(2);
    expect((await run('resolve', file('profile.json', profile('c-1')))).code).toBe(2);
  });
});

test('oscal diff counts what changed and shows the wording', async () => {
  const before = file('old.json', catalog(['c-1', 'Logs are kept for 12 months.'], ['c-2', 'Go.']));
  const after = file('new.json', catalog(['c-1', 'Logs are kept for 18 months.'], ['c-3', 'Come.']));
  const { code, out } = await run('diff', before, after);
  expect(code).toBe(0);
  expect(out).toContain('c-1 (same revision): Logs are kept for [-12 -]{+18 +}months.');
  expect(out).toMatch(/^added +1\nremoved +1\nreworded +1$/m);
  const json = await run('diff', before, after, '--json');
  expect(JSON.parse(json.out)).toMatchObject({
    added: [{ id: 'c-3' }],
    removed: [{ id: 'c-2' }],
    reworded: [{ id: 'c-1', revisionChanged: false }],
    rewordedWithoutRevision: ['c-1'],
  });
});
