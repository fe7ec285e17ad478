import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { commands } from './commands.ts';
import { runCommandLine } from './run.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

async function run(
  line: string,
  env: Record<string, string> = {},
): Promise<{ code: number; out: string; err: string }> {
  let [out, err] = ['', ''];
  const code = await runCommandLine(
    line.split(' ').filter(Boolean),
    {
      env: { IRONBARK_DATA: mkdtempSync(join(tmpdir(), 'ironbark-cli-')), ...env },
      root,
      stdin: Readable.from([]),
      out: (text) => {
        out += text;
      },
      err: (text) => {
        err += text;
      },
    },
    new AbortController().signal,
  );
  return { code, out, err };
}

test('every command is called by its own name, and its help shows an example that names it', async () => {
  for (const [name, load] of Object.entries(commands)) {
    const { command } = await load();
    expect(command.name).toBe(name);
    const { code, out } = await run(`${name} --help`);
    expect([name, code]).toEqual([name, 0]);
    expect(out).toContain(command.summary);
    expect(command.examples.some((example) => example.includes(`ironbark ${name}`))).toBe(true);
  }
});

test('an unknown command is wrong usage, and the nearest is offered', async () => {
  expect(await run('helth')).toMatchObject({
    code: 2,
    err: expect.stringContaining('Did you mean "health"?'),
  });
  expect(await run('user')).toMatchObject({ code: 2, err: expect.stringContaining('user add') });
});

test('what does not fit a contract is wrong usage, with the field', async () => {
  const { code, err } = await run('community setup --id UPPER --name x');
  expect([code, err]).toEqual([2, expect.stringMatching(/^id: Use 1 to 63 characters/)]);
});

test('without a server it says so, with a code of its own, and as JSON where that is wanted', async () => {
  expect(await run('user list')).toMatchObject({ code: 3, err: expect.stringContaining('ironbark up') });
  const { code, out, err } = await run('user list --json');
  expect([code, out, JSON.parse(err).code]).toEqual([3, '', 'no-server']);
  expect((await run('user list', { IRONBARK_URL: 'http://127.0.0.1:1' })).err).toContain('IRONBARK_TOKEN');
  expect((await run('user list', { IRONBARK_URL: 'http://127.0.0.1:1', IRONBARK_TOKEN: 'ibt_x' })).code).toBe(
    3,
  );
});

test('settings are checked without starting anything', async () => {
  expect((await run('config check')).code).toBe(0);
  expect(await run('config check', { IRONBARK_LISEN: 'x' })).toMatchObject({
    code: 1,
    err: expect.stringContaining('Did you mean "IRONBARK_LISTEN"?'),
  });
  const shown = JSON.parse((await run('config show --json', { IRONBARK_LISTEN: '127.0.0.1:0' })).out);
  expect(shown.settings.find(({ name }: { name: string }) => name === 'listen')).toMatchObject({
    value: '127.0.0.1:0',
    from: 'environment',
  });
});

test('the version is that of the project and of its runtime', async () => {
  expect(JSON.parse((await run('version --json')).out)).toEqual({
    ironbark: expect.stringMatching(/^\d/),
    node: process.version,
  });
});
