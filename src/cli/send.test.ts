import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Records } from '#platform/records';
import { createTestRecords } from '#platform/records/testing';
import { createWorld, type World } from '../soc/ingest/testing.ts';
import { runCommandLine } from './index.ts';

let records: Records;
let world: World;
let folder: string;
beforeAll(async () => {
  records = await createTestRecords();
  world = await createWorld(records);
  folder = await mkdtemp(join(tmpdir(), 'ironbark-send-'));
});
afterAll(async () => {
  await world.close();
  await records.close();
  await rm(folder, { recursive: true, force: true });
});

async function send(
  words: readonly string[],
  { stdin = '', signal = new AbortController().signal, env = {} } = {},
) {
  let out = '';
  let err = '';
  const code = await runCommandLine(
    ['send', ...words],
    {
      env: { IRONBARK_DATA: folder, ...env },
      root: folder,
      stdin: Readable.from([Buffer.from(stdin)]),
      out: (text) => (out += text),
      err: (text) => (err += text),
    },
    signal,
  );
  return { code, out, err };
}
const door = (): string => `http://127.0.0.1:${world.port('bulk')}`;
async function file(name: string, content: string | Buffer): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

describe('ironbark send', () => {
  test('sends a file through the real door, and says what became of it', async () => {
    const { id, token } = await world.withToken();
    const events = Array.from({ length: 2500 }, (_, n) => `{"n":${n}}`);
    const path = await file('events.json.gz', gzipSync(events.join('\n')));
    const { code, out } = await send([path, '--token', token, '--to', door()]);
    expect([code, out]).toEqual([0, expect.stringContaining('2500 taken, 0 rejected')]);
    expect(await world.texts(id)).toEqual(events);
  });

  test('takes standard input, the token from the environment, and prints JSON', async () => {
    const { id, token } = await world.withToken();
    const stdin = '{"Records":[{"eventName":\n"a"},{"eventName":"b"}]}';
    const { code, out } = await send(['-', '--to', door(), '--json'], {
      stdin,
      env: { IRONBARK_SOURCE_TOKEN: token },
    });
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      files: [{ file: 'standard input', taken: 2, rejected: 0, complete: true }],
    });
    expect(await world.texts(id)).toEqual(['{"eventName": "a"}', '{"eventName":"b"}']);
  });

  test('sends text as lines', async () => {
    const { id, token } = await world.withToken();
    const path = await file('auth.log', 'Nov 23 10:00:00 lab sshd[1]: Failed password\nsecond\n');
    expect((await send([path, '--token', token, '--to', door()])).code).toBe(0);
    expect((await world.frames(id)).map(({ wire }) => wire)).toEqual(['line']);
  });

  test('what is rejected is named with its reason, and the exit code says so', async () => {
    const { token } = await world.withToken();
    const path = await file('bad.json', '{"a":1}\n{"a":\n[1]\n{"a":4}\n');
    const { code, out } = await send([path, '--token', token, '--to', door()]);
    expect(code).toBe(1);
    expect(out).toContain('2 taken, 2 rejected');
    expect(out).toContain('[json-no-object]');
  });

  test('goes on behind what an earlier run sent', async () => {
    const { id, token } = await world.withToken();
    const path = await file('skip.json', '{"n":1}\n{"n":2}\n{"n":3}\n');
    await send([path, '--token', token, '--to', door(), '--skip', '2']);
    expect(await world.texts(id)).toEqual(['{"n":3}']);
  });

  test.each<[string, string[], number, string]>([
    ['a wrong token', ['FILE', '--token', 'ibs_wrong', '--to', 'DOOR'], 4, 'No source has this token'],
    ['no token', ['FILE', '--to', 'DOOR'], 2, 'Give its token'],
    ['no server', ['FILE', '--token', 'ibs_x'], 3, 'No server runs'],
    [
      'a file that is not there',
      ['nowhere.json', '--token', 'ibs_x', '--to', 'DOOR'],
      1,
      "nowhere.json can't be read",
    ],
    ['an address that is none', ['FILE', '--token', 'ibs_x', '--to', 'siem'], 2, 'is no address'],
    ['an unknown format', ['FILE', '--token', 'ibs_x', '--to', 'DOOR', '--format', 'xml'], 2, 'is no format'],
  ])('%s gets its exit code and a sentence', async (_name, words, expected, sentence) => {
    const path = await file('one.json', '{"a":1}\n');
    const { code, err } = await send(
      words.map((word) => (word === 'FILE' ? path : word === 'DOOR' ? door() : word)),
    );
    expect([code, err]).toEqual([expected, expect.stringContaining(sentence)]);
  });
});

describe('a server under stress', () => {
  let server: Server;
  afterAll(() => server.close());

  test('is tried again, under the same ids; Ctrl-C says how to go on', async () => {
    const bodies: string[] = [];
    const stop = new AbortController();
    server = createServer((request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        bodies.push(gunzipSync(Buffer.concat(parts)).toString());
        if (bodies.length === 1) return void request.socket.destroy();
        if (bodies.length === 2) return void response.writeHead(429, { 'retry-after': '0' }).end('{}');
        if (bodies.length === 4) {
          stop.abort();
          return;
        }
        response.end(
          JSON.stringify({ items: Array.from({ length: 1000 }, () => ({ create: { status: 201 } })) }),
        );
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const path = await file('stress.json', Array.from({ length: 1500 }, (_, n) => `{"n":${n}}`).join('\n'));
    const { code, err } = await send([path, '--token', 'ibs_x', '--to', `http://127.0.0.1:${port}`], {
      signal: stop.signal,
    });
    expect(code).toBe(130);
    expect(err).toContain(`To go on: ironbark send ${path} --skip 1000`);
    expect(bodies[1]).toBe(bodies[0]);
    expect(bodies[2]).toBe(bodies[0]);
    expect(bodies[3]).not.toBe(bodies[0]);
  });
});
