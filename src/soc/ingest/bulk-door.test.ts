import { connect } from 'node:net';
import { request as httpRequest } from 'node:http';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestRecords } from '#platform/records/testing';
import type { Records } from '#platform/records';
import { createWorld, eventually, uniqueId, type World } from './testing.ts';

let records: Records;
let world: World;
beforeAll(async () => {
  records = await createTestRecords();
  world = await createWorld(records);
});
afterAll(async () => {
  await world.close();
  await records.close();
});

type Item = {
  status: number;
  result?: string;
  error?: { type: string; reason: string };
  _id: string;
  _index: string;
};
type Answer = { errors: boolean; items: Record<string, Item>[]; error?: { type: string } };

const url = (path = '/_bulk', where: World = world): string =>
  `http://127.0.0.1:${where.port('bulk')}${path}`;
async function post(
  token: string,
  body: string | Uint8Array<ArrayBuffer>,
  {
    path = '/_bulk',
    headers = {},
    where = world,
  }: { path?: string; headers?: Record<string, string>; where?: World } = {},
): Promise<{ status: number; answer: Answer; headers: Headers }> {
  const response = await fetch(url(path, where), {
    method: 'POST',
    body,
    headers: {
      authorization: `ApiKey ${token}`,
      'content-type': 'application/x-ndjson',
      'user-agent': 'test',
      ...headers,
    },
  });
  return { status: response.status, answer: (await response.json()) as Answer, headers: response.headers };
}
const create = (items: readonly string[]): string => items.map((item) => `{"create":{}}\n${item}\n`).join('');
const statuses = ({ items }: Answer): (number | undefined)[] =>
  items.map((item) => Object.values(item)[0]?.status);

describe('a bulk', () => {
  test('is in the spool, in order and byte for byte, when it is answered', async () => {
    const { id, token } = await world.withToken();
    const items = Array.from({ length: 5000 }, (_, n) => `{"n":${n}, "text":"ü  \\u0000"}`);
    const { status, answer, headers } = await post(token, create(items));
    expect(status).toBe(200);
    expect(headers.get('x-elastic-product')).toBe('Elasticsearch');
    expect(answer.errors).toBe(false);
    expect(new Set(statuses(answer))).toEqual(new Set([201]));
    expect(await world.texts(id)).toEqual(items);
    expect((await world.frames(id)).every(({ wire, peer }) => wire === 'json' && peer === '127.0.0.1')).toBe(
      true,
    );
    expect(await world.balance(id)).toMatchObject({ received: 5000, pending: 5000, rejected: 0 });
  });

  test('may hold blank lines, CRLF, types, and no last line feed', async () => {
    const { id, token } = await world.withToken();
    const body =
      '{"index":{"_index":"a","_type":"events"}}\r\n{"n":1}\r\n\n\n {"create":{}}\n{"n":2}\n\n{"create":{"_index":"b"}}\n{"n":3}';
    const { answer } = await post(token, body, { path: '/my-index/_doc/_bulk' });
    expect(statuses(answer)).toEqual([201, 201, 201]);
    expect(answer.items.map((item) => Object.values(item)[0]?._index)).toEqual(['a', 'my-index', 'b']);
    expect(await world.texts(id)).toEqual(['{"n":1}', '{"n":2}', '{"n":3}']);
  });

  test.each([
    ['gzip', (text: string) => new Uint8Array(gzipSync(text))],
    ['zstd', (text: string) => new Uint8Array(zstdCompressSync(text))],
  ])('may come as %s', async (encoding, pack) => {
    const { id, token } = await world.withToken();
    const { status } = await post(token, pack(create(['{"n":1}', '{"n":2}'])), {
      headers: { 'content-encoding': encoding },
    });
    expect(status).toBe(200);
    expect(await world.texts(id)).toEqual(['{"n":1}', '{"n":2}']);
  });

  test('is answered in the media type the client asks in', async () => {
    const { token } = await world.withToken();
    const type = 'application/vnd.elasticsearch+x-ndjson; compatible-with=9';
    const { headers } = await post(token, create(['{}']), {
      headers: { 'content-type': type, accept: 'application/vnd.elasticsearch+json; compatible-with=9' },
    });
    expect(headers.get('content-type')).toBe('application/vnd.elasticsearch+json;compatible-with=9');
  });
});

describe('who sends', () => {
  test('a token is taken as ApiKey, as id and key in base64, as Bearer, and as a password', async () => {
    const { id, token } = await world.withToken();
    const pair = Buffer.from(`${id}:${token}`).toString('base64');
    for (const authorization of [`ApiKey ${token}`, `ApiKey ${pair}`, `Bearer ${token}`, `Basic ${pair}`]) {
      expect((await post(token, create(['{}']), { headers: { authorization } })).status).toBe(200);
    }
    expect(await world.texts(id)).toHaveLength(4);
  });

  test('a user name and password are taken', async () => {
    const id = uniqueId();
    const { secret } = await world.sources.create(world.operator, {
      id,
      name: id,
      tenancy: 'acme-odce',
      authentication: { kind: 'basic', username: id },
    });
    const authorization = `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`;
    expect((await post('', create(['{}']), { headers: { authorization } })).status).toBe(200);
    expect(await world.texts(id)).toHaveLength(1);
  });

  test('an unknown, ended or missing token is 401, for the first handshake call as for the bulk', async () => {
    const { id, token } = await world.withToken();
    await world.sources.renewSecret(world.operator, id);
    for (const authorization of [
      `ApiKey ${token}`,
      'ApiKey ibs_unknown',
      'Basic eDp5',
      'Bearer nonsense',
      'Digest x',
    ]) {
      const { status, answer } = await post('', create(['{}']), { headers: { authorization } });
      expect([status, answer.error?.type]).toEqual([401, 'security_exception']);
      expect((await fetch(url('/'), { headers: { authorization } })).status).toBe(401);
    }
    expect((await fetch(url(), { method: 'POST', body: create(['{}']) })).status).toBe(401);
    expect(await world.texts(id)).toEqual([]);
  });
});

describe('the calls around it', () => {
  test.each([
    ['GET', '/', 200],
    ['HEAD', '/', 200],
    ['GET', '/_license', 200],
    ['GET', '/_xpack', 200],
    ['GET', '/_ilm/policy/filebeat', 200],
    ['PUT', '/_ilm/policy/filebeat', 200],
    ['HEAD', '/_index_template/filebeat-8', 200],
    ['PUT', '/_index_template/filebeat-8', 200],
    ['PUT', '/_template/logstash', 200],
    ['PUT', '/_component_template/x', 200],
    ['PUT', '/_ingest/pipeline/filebeat-8-nginx', 200],
    ['HEAD', '/_data_stream/filebeat-8', 200],
    ['GET', '/_nodes/http', 200],
    ['GET', '/_cluster/health', 200],
    ['GET', '/_cat/health', 200],
    ['GET', '/_logstash/pipeline', 200],
    ['HEAD', '/my-index', 200],
    ['GET', '/_search', 404],
    ['POST', '/my-index/_search', 404],
    ['GET', '/_bulk', 405],
  ])('%s %s is %i', async (method, path, status) => {
    const { token } = await world.withToken();
    const response = await fetch(url(path), {
      method,
      headers: { authorization: `ApiKey ${token}` },
      ...(method === 'PUT' ? { body: '{}' } : {}),
    });
    expect(response.status).toBe(status);
    expect(response.headers.get('x-elastic-product')).toBe('Elasticsearch');
    const text = await response.text();
    if (path === '/_cat/health') expect(text).toContain('green');
    else if (method !== 'HEAD') expect(typeof JSON.parse(text)).toBe('object');
  });

  test('the version is one that Beats of version 8 and older accept', async () => {
    const answer = (await (await fetch(url('/'))).json()) as { version: { number: string }; tagline: string };
    expect(answer.version.number).toMatch(/^8\.\d+\.\d+$/);
    expect(answer.tagline).toBe('You Know, for Search');
  });
});

describe('an id', () => {
  const withId = (action: string, id: string, item = '{}'): string =>
    `{"${action}":{"_id":"${id}"}}\n${item}\n`;

  test('that is known is a conflict for create and nothing for index, and not stored again', async () => {
    const { id, token } = await world.withToken();
    await post(token, withId('create', 'a') + withId('create', 'b'));
    const { answer } = await post(
      token,
      withId('create', 'a') + withId('index', 'b') + withId('create', 'c'),
    );
    expect(statuses(answer)).toEqual([409, 200, 201]);
    expect(answer.items[1]?.['index']?.result).toBe('noop');
    expect((await world.frames(id)).flatMap(({ clientIds }) => clientIds)).toEqual(['a', 'b', 'c']);
    expect(await world.balance(id)).toMatchObject({ received: 3, duplicates: 2 });
  });

  test('is known within one request, and between two at the same time', async () => {
    const { id, token } = await world.withToken();
    const body = Array.from({ length: 200 }, (_, n) => withId('create', `id-${n}`)).join('');
    const [one, two, three] = await Promise.all([
      post(token, body + body),
      post(token, body),
      post(token, body),
    ]);
    const all = [one, two, three].flatMap(({ answer }) => statuses(answer));
    expect(all.filter((status) => status === 201)).toHaveLength(200);
    expect(all.filter((status) => status === 409)).toHaveLength(600);
    expect(await world.texts(id)).toHaveLength(200);
  });

  test('of one source means nothing to another', async () => {
    const [one, two] = [await world.withToken(), await world.withToken()];
    expect(statuses((await post(one.token, withId('create', 'same'))).answer)).toEqual([201]);
    expect(statuses((await post(two.token, withId('create', 'same'))).answer)).toEqual([201]);
  });

  test('longer than 512 bytes is refused for that item', async () => {
    const { token } = await world.withToken();
    const { answer } = await post(
      token,
      withId('create', 'x'.repeat(513)) + withId('create', 'y'.repeat(512)),
    );
    expect(statuses(answer)).toEqual([400, 201]);
  });
});

describe('text lines', () => {
  test('are an item each, and a batch that is sent again under its name is taken once', async () => {
    const { id, token } = await world.withToken();
    const headers = { 'x-ironbark-batch': 'run-1.7' };
    const body = 'Nov 23 10:00:00 h sshd[1]: one\r\n\n  two\nthree';
    expect(statuses((await post(token, body, { path: '/_lines', headers })).answer)).toEqual([201, 201, 201]);
    expect(statuses((await post(token, body, { path: '/_lines', headers })).answer)).toEqual([200, 200, 200]);
    expect(await world.texts(id)).toEqual(['Nov 23 10:00:00 h sshd[1]: one', '  two', 'three']);
    expect((await world.frames(id)).map(({ wire }) => wire)).toEqual(['line']);
    expect((await post('ibs_wrong', body, { path: '/_lines' })).status).toBe(401);
  });

  test('beyond a mebibyte are refused alone', async () => {
    const { token } = await world.withToken();
    const { answer } = await post(token, `a\n${'x'.repeat(1024 * 1024 + 1)}\nb\n`, { path: '/_lines' });
    expect(statuses(answer)).toEqual([201, 400, 201]);
  });
});

describe('bad input', () => {
  test('one bad item among 5,000 is refused alone, kept with its reason, and can be looked at', async () => {
    const { id, token } = await world.withToken();
    const items = Array.from({ length: 5000 }, (_, n) => (n === 2500 ? '{"cut": "of' : `{"n":${n}}`));
    const { status, answer } = await post(token, create(items));
    expect(status).toBe(200);
    expect(answer.errors).toBe(true);
    expect(statuses(answer).filter((one) => one === 201)).toHaveLength(4999);
    expect(answer.items[2500]?.['create']).toMatchObject({ status: 400, error: { type: 'json-invalid' } });
    expect(await world.texts(id)).toEqual(items.filter((_, n) => n !== 2500));
    expect(await world.balance(id)).toMatchObject({ received: 5000, rejected: 1, pending: 4999 });
    const { items: kept } = await world.rejected(id);
    expect(kept).toMatchObject([{ code: 'json-invalid', preview: '{"cut": "of' }]);
  });

  test('nested 10,000 or a million deep is refused for that item', async () => {
    const { id, token } = await world.withToken();
    const deep = (levels: number): string => `{"a":${'['.repeat(levels)}${']'.repeat(levels)}}`;
    const { answer } = await post(
      token,
      create([deep(10_000), deep(1_000_000), deep(50), '{"a":'.repeat(5000)]),
    );
    expect(statuses(answer)).toEqual([400, 400, 201, 400]);
    expect((await world.rejected(id)).items.map(({ code }) => code).sort()).toEqual([
      'json-invalid',
      'json-too-deep',
      'json-too-deep',
    ]);
  });

  test('other JSON than an object, and an item above the limit', async () => {
    const { token } = await world.withToken();
    const large = `{"a":"${'x'.repeat(5 * 1024 * 1024)}"}`;
    const { answer } = await post(token, create(['[1]', '"text"', 'null', large, '{"ok":true}']));
    expect(answer.items.map((item) => item['create']?.error?.type)).toEqual([
      'json-no-object',
      'json-no-object',
      'json-no-object',
      'item-too-large',
      undefined,
    ]);
  });

  test('invalid UTF-8 is taken, with its bytes as they came', async () => {
    const { id, token } = await world.withToken();
    const item = Buffer.concat([Buffer.from('{"CommandLine":"evil \xff\xc3(" }', 'latin1')]);
    const { answer } = await post(
      token,
      new Uint8Array(Buffer.concat([Buffer.from('{"create":{}}\n'), item, Buffer.from('\n')])),
    );
    expect(statuses(answer)).toEqual([201]);
    const [frame] = await world.frames(id);
    expect(frame?.items[0]?.equals(item)).toBe(true);
  });

  test('update and delete are refused; what was stored is never changed', async () => {
    const { id, token } = await world.withToken();
    const { answer } = await post(
      token,
      '{"update":{"_id":"1"}}\n{"doc":{}}\n{"delete":{"_id":"1"}}\n{"create":{}}\n{"n":1}\n',
    );
    expect(statuses(answer)).toEqual([400, 400, 201]);
    expect(await world.texts(id)).toEqual(['{"n":1}']);
  });

  test('a line that is no action costs itself and its item, nothing more', async () => {
    const { id, token } = await world.withToken();
    const body =
      '{"create":{}}\n{"n":1}\nnonsense\n{"n":2}\n{"create":{}}\n{"n":3}\n{"bad":1,"action":2}\n{"create":{}}\n{"n":4}\n{"create":{}}\n';
    const { answer } = await post(token, body);
    expect(statuses(answer)).toEqual([201, 400, 201, 400, 201, 400]);
    expect(await world.texts(id)).toEqual(['{"n":1}', '{"n":3}', '{"n":4}']);
    expect((await world.rejected(id)).items.map(({ code, preview }) => `${code} ${preview}`).sort()).toEqual([
      'bulk-action nonsense\n{"n":2}',
      'bulk-action {"bad":1,"action":2}',
      'bulk-no-item {"create":{}}',
    ]);
    expect((await post(token, '\n\n')).status).toBe(400);
  });

  test('a gzip bomb is refused while it unpacks', async () => {
    const { id, token } = await world.withToken();
    const zeros = gzipSync(Buffer.alloc(64 * 1024 * 1024, 32), { level: 9 });
    const bomb = new Uint8Array(Buffer.concat(Array.from({ length: 16 }, () => zeros)));
    const before = process.memoryUsage().rss;
    const { status, answer } = await post(token, bomb, { headers: { 'content-encoding': 'gzip' } });
    expect([status, answer.error?.type]).toEqual([413, 'body-bomb']);
    expect(process.memoryUsage().rss - before).toBeLessThan(150e6);
    await eventually(async () => (await world.ingest.stats()).heldBytes === 0);
    expect(await world.texts(id)).toEqual([]);
  });

  test('a truncated gzip body is refused as a whole, and other encodings are named', async () => {
    const { id, token } = await world.withToken();
    const cut = new Uint8Array(gzipSync(create(['{"n":1}', '{"n":2}'])).subarray(0, -12));
    expect(await post(token, cut, { headers: { 'content-encoding': 'gzip' } })).toMatchObject({
      status: 400,
      answer: { error: { type: 'body-damaged' } },
    });
    expect((await post(token, 'x', { headers: { 'content-encoding': 'gzip' } })).status).toBe(400);
    expect((await post(token, 'x', { headers: { 'content-encoding': 'snappy' } })).status).toBe(415);
    expect(await world.texts(id)).toEqual([]);
  });

  test('a line of a gigabyte is refused at 100 MB with its reason, and memory stays bounded', async () => {
    const { id, token } = await world.withToken();
    const chunk = Buffer.alloc(1024 * 1024, 120);
    const attempt = () =>
      new Promise<{ sent: number; status: number }>((resolve) => {
        let sentBytes = 0;
        const request = httpRequest(url(), {
          method: 'POST',
          headers: { authorization: `ApiKey ${token}`, 'user-agent': 'test' },
        });
        request.on('response', (response) => {
          response.resume();
          request.destroy();
          resolve({ sent: sentBytes, status: response.statusCode ?? 0 });
        });
        // A sender that goes on writing may find the connection closed before it has read the answer.
        request.on('error', () => resolve({ sent: sentBytes, status: 0 }));
        request.write('{"create":{}}\n{"a":"');
        const more = (): void => {
          if (request.destroyed || sentBytes >= 1024 ** 3) return;
          sentBytes += chunk.length;
          if (request.write(chunk)) setImmediate(more);
          else request.once('drain', more);
        };
        more();
      });
    let status = 0;
    for (let turn = 0; turn < 5 && status === 0; turn++) {
      const tried = await attempt();
      status = tried.status;
      expect(tried.sent).toBeLessThan(300 * 1024 * 1024);
    }
    expect(status).toBe(413);
    await eventually(async () => (await world.ingest.stats()).heldBytes === 0);
    expect(await world.texts(id)).toEqual([]);
  });

  test('a client that stops half-way leaves nothing behind', async () => {
    const { id, token } = await world.withToken();
    const socket = connect(world.port('bulk'), '127.0.0.1');
    const body = create(['{"n":1}', '{"n":2}']);
    socket.write(
      `POST /_bulk HTTP/1.1\r\nHost: x\r\nUser-Agent: t\r\nAuthorization: ApiKey ${token}\r\nContent-Length: ${body.length + 100}\r\n\r\n${body}`,
    );
    await eventually(async () => (await world.ingest.stats()).heldBytes > 0);
    socket.destroy();
    await eventually(async () => (await world.ingest.stats()).heldBytes === 0);
    expect(await world.texts(id)).toEqual([]);
    expect((await post(token, create(['{"n":3}']))).status).toBe(200);
  });
});

describe('over capacity', () => {
  /** Nothing but what it must send, as omelasticsearch does. */
  function bare(where: World, token: string, body: string): Promise<number | 'reset'> {
    return new Promise((resolve) => {
      const request = httpRequest(
        url('/_bulk', where),
        { method: 'POST', headers: { authorization: `ApiKey ${token}` } },
        (response) => {
          response.resume();
          resolve(response.statusCode ?? 0);
        },
      );
      request.on('error', () => resolve('reset'));
      request.end(body);
    });
  }

  test('shippers are told to wait, rsyslog by a reset, Beats item by item, nothing is taken, and all goes on after a release', async () => {
    const small = await createWorld(records, { spoolCapBytes: 400_000 });
    try {
      const { id, token } = await small.withToken();
      const body = create(Array.from({ length: 100 }, () => `{"a":"${'x'.repeat(1000)}"}`));
      let taken = 0;
      let refusal: Awaited<ReturnType<typeof post>> | undefined;
      for (let n = 0; n < 6 && refusal === undefined; n++) {
        const result = await post(token, body, { where: small });
        if (result.status === 200) taken += 100;
        else refusal = result;
      }
      expect(refusal).toMatchObject({
        status: 429,
        answer: { error: { type: 'es_rejected_execution_exception' } },
      });
      expect(Number(refusal?.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(await bare(small, token, body)).toBe('reset');
      const beat = await post(token, body, {
        where: small,
        headers: { 'user-agent': 'Elastic-Filebeat/8.1 (linux)' },
      });
      expect(beat.status).toBe(200);
      expect(new Set(statuses(beat.answer))).toEqual(new Set([429]));
      expect(await small.balance(id)).toMatchObject({ received: taken, refused: 300 });
      expect(await small.texts(id)).toHaveLength(taken);
      await small.spool.release(small.spool.end);
      expect(await bare(small, token, body)).toBe(200);
      expect(await small.balance(id)).toMatchObject({ received: taken + 100 });
    } finally {
      await small.close();
    }
  });

  test('a request that does not fit into memory beside the others waits outside', async () => {
    const small = await createWorld(records, { limits: { maxHeldBytes: 50_000 } });
    try {
      const { token } = await small.withToken();
      const large = create(Array.from({ length: 100 }, () => `{"a":"${'x'.repeat(1000)}"}`));
      expect((await post(token, large, { where: small })).status).toBe(429);
      expect((await small.ingest.stats()).heldBytes).toBe(0);
      expect((await post(token, create(['{}']), { where: small })).status).toBe(200);
    } finally {
      await small.close();
    }
  });

  test('a paused source is told to wait', async () => {
    const { id, token } = await world.withToken();
    await world.sources.change(world.operator, id, { state: 'paused' });
    expect((await post(token, create(['{}']))).status).toBe(429);
    await world.sources.change(world.operator, id, { state: 'active' });
    expect((await post(token, create(['{}']))).status).toBe(200);
  });
});

test('nothing of all this was a fault of ours', () => {
  expect(world.faults).toEqual([]);
});
