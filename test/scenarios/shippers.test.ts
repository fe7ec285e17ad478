import { createHash, X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client } from '@elastic/elasticsearch';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Records } from '#platform/records';
import { createTestRecords } from '#platform/records/testing';
import { parseSyslog } from '#soc/ingest';
import { createWorld, eventually, uniqueId, type World } from '../../src/soc/ingest/testing.ts';
import { prepareLogClients, type RunningClient } from '../clients.ts';

/** Real shippers, unmodified, as people run them, against the doors. */
const clients = prepareLogClients();

const doorsOpen = ['bulk', 'syslog-udp', 'syslog-tcp', 'syslog-tls'] as const;
let records: Records;
let world: World;
const running: RunningClient[] = [];
const folders: string[] = [];
beforeAll(async () => {
  records = await createTestRecords();
  world = await createWorld(records, { kinds: doorsOpen });
});
afterEach(async () => {
  for (const client of running.splice(0)) await client.stop();
});
afterAll(async () => {
  await world.close();
  await records.close();
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'ironbark-shipper-'));
  folders.push(folder);
  return folder;
}
const tlsFile = (name: string): string => fileURLToPath(new URL(`../fixtures/tls/${name}`, import.meta.url));
const lines = Array.from({ length: 500 }, (_, n) => `event ${n + 1} says "Grüße" and \\ more`);
/** A log file with these lines, in a folder of its own. */
function logFile(): { folder: string; file: string } {
  const folder = newFolder();
  const file = join(folder, 'app.log');
  writeFileSync(file, `${lines.join('\n')}\n`);
  return { folder, file };
}

async function onListener(listener: string): Promise<string> {
  const id = uniqueId();
  // Each scenario sends to the listener in turn; the narrowest network that is not taken yet is its own.
  for (const old of await world.sources.list(world.operator)) {
    if (old.authentication.kind === 'listener' && old.authentication.listener === listener) return old.id;
  }
  await world.sources.create(world.operator, {
    id,
    name: id,
    tenancy: 'acme-odce',
    authentication: { kind: 'listener', listener, from: '127.0.0.1' },
  });
  return id;
}
async function withPassword(where = world): Promise<{ id: string; password: string }> {
  const id = uniqueId();
  const { secret } = await where.sources.create(where.operator, {
    id,
    name: id,
    tenancy: 'acme-odce',
    authentication: { kind: 'basic', username: id },
  });
  return { id, password: secret ?? '' };
}
/** All messages with this tag once there are as many as there were lines. */
const arrived = (id: string, tag: string, client: RunningClient): Promise<string[]> =>
  eventually(async () => {
    const frames = await world.frames(id);
    const messages = frames
      .flatMap(({ items }) => items.map((item) => parseSyslog(item)))
      .filter(({ app }) => app === tag);
    return messages.length >= lines.length && messages.map(({ message }) => message.trim());
  }).catch((error: unknown) => {
    throw new Error(`${String(error)}\n${client.output()}`);
  });

describe('rsyslog', () => {
  const rsyslog = (settings: string, folder: string): RunningClient => {
    const client = clients.rsyslog(settings, folder);
    running.push(client);
    return client;
  };
  const input = (folder: string, file: string, tag: string): string => `
    global(workDirectory="${folder}" maxMessageSize="64k")
    module(load="imfile" mode="polling" PollingInterval="1")
    input(type="imfile" File="${file}" Tag="${tag}:" Severity="info" Facility="local7")`;

  test.each([
    ['traditional', 'rsyslog-lines', 'RSYSLOG_TraditionalForwardFormat'],
    ['octet-counted', 'rsyslog-counted', 'RSYSLOG_SyslogProtocol23Format'],
  ])('omfwd over TCP, %s framing: every line arrives, in order', async (framing, tag, template) => {
    const id = await onListener('syslog-tcp');
    const { folder, file } = logFile();
    const client = rsyslog(
      `${input(folder, file, tag)}
      action(type="omfwd" target="127.0.0.1" port="${world.port('syslog-tcp')}" protocol="tcp" TCP_Framing="${framing}"
        template="${template}" action.resumeRetryCount="-1" queue.type="linkedList")`,
      folder,
    );
    expect(await arrived(id, tag, client)).toEqual(lines);
  });

  test('omfwd over UDP', async () => {
    const id = await onListener('syslog-udp');
    const { folder, file } = logFile();
    const client = rsyslog(
      `${input(folder, file, 'rsyslog-udp')}
      action(type="omfwd" target="127.0.0.1" port="${world.port('syslog-udp')}" protocol="udp" template="RSYSLOG_SyslogProtocol23Format")`,
      folder,
    );
    expect((await arrived(id, 'rsyslog-udp', client)).sort()).toEqual([...lines].sort());
  });

  const elastic = (where: World, id: string, password: string): string => `
    module(load="omelasticsearch")
    template(name="ironbark" type="list") {
      constant(value="{")
      property(name="timereported" dateFormat="rfc3339" format="jsonf" outname="@timestamp") constant(value=",")
      property(name="hostname" format="jsonf" outname="host")      constant(value=",")
      property(name="programname" format="jsonf" outname="program") constant(value=",")
      property(name="msg" format="jsonf" outname="message")
      constant(value="}")
    }
    action(type="omelasticsearch" server="127.0.0.1" serverport="${where.port('bulk')}" uid="${id}" pwd="${password}"
      template="ironbark" searchIndex="logs" bulkmode="on"
      action.resumeRetryCount="-1" action.resumeInterval="1" queue.type="linkedList"
      queue.filename="ironbark" queue.saveOnShutdown="on" queue.dequeueBatchSize="50")`;
  const messagesOf = async (where: World, id: string): Promise<string[]> =>
    (await where.texts(id)).map((text) => (JSON.parse(text) as { message: string }).message.trim());

  test('omelasticsearch in bulk mode: every line arrives', async () => {
    const { id, password } = await withPassword();
    const { folder, file } = logFile();
    const client = rsyslog(`${input(folder, file, 'bulk')}\n${elastic(world, id, password)}`, folder);
    const got = await eventually(async () => {
      const messages = await messagesOf(world, id);
      return messages.length >= lines.length && messages;
    }).catch((error: unknown) => {
      throw new Error(`${String(error)}\n${client.output()}`);
    });
    expect(got).toEqual(lines);
  });

  test('omelasticsearch while the spool is full: it waits, and nothing is lost', async () => {
    const small = await createWorld(records, { spoolCapBytes: 30_000, doorPrefix: 'small-' });
    try {
      const { id, password } = await withPassword(small);
      const { folder, file } = logFile();
      const client = rsyslog(`${input(folder, file, 'bulk')}\n${elastic(small, id, password)}`, folder);
      await eventually(async () => (await small.balance(id)).refused > 0).catch((error: unknown) => {
        throw new Error(`${String(error)}\n${client.output()}`);
      });
      const got = new Set<string>();
      const stop = new AbortController();
      const timer = setTimeout(() => stop.abort(), 30_000);
      for await (const { frame, end } of small.spool.read({ segment: 0, offset: 0 }, stop.signal)) {
        for (const item of frame.items)
          got.add((JSON.parse(item.toString()) as { message: string }).message.trim());
        await small.spool.release(end);
        if (got.size === lines.length) break;
      }
      clearTimeout(timer);
      expect([...got].sort()).toEqual([...lines].sort());
    } finally {
      await small.close();
    }
  });
});

describe('syslog-ng', () => {
  const syslogNg = (destination: string, file: string, folder: string, tag: string): RunningClient => {
    const client = clients.syslogNg(
      `@version: 3.38
      source s { file("${file}" program-override("${tag}") flags(no-parse) follow-freq(1) read-old-records(yes)); };
      destination d { ${destination} };
      log { source(s); destination(d); };`,
      folder,
    );
    running.push(client);
    return client;
  };

  test.each([
    [
      'network() with lines',
      'ng-lines',
      (port: number) => `network("127.0.0.1" port(${port}) transport("tcp"));`,
    ],
    [
      'syslog() with counted frames',
      'ng-counted',
      (port: number) => `syslog("127.0.0.1" port(${port}) transport("tcp"));`,
    ],
  ])('%s: every line arrives, in order', async (_name, tag, destination) => {
    const id = await onListener('syslog-tcp');
    const { folder, file } = logFile();
    const client = syslogNg(destination(world.port('syslog-tcp')), file, folder, tag);
    expect(await arrived(id, tag, client)).toEqual(lines);
  });

  test('syslog() over TLS with a client certificate: it is the source of that certificate', async () => {
    const id = uniqueId();
    const sha256Fingerprint = createHash('sha256')
      .update(new X509Certificate(readFileSync(tlsFile('client.crt'))).raw)
      .digest('hex');
    await world.sources.create(world.operator, {
      id,
      name: id,
      tenancy: 'acme-odce',
      authentication: { kind: 'client-certificate', sha256Fingerprint },
    });
    const { folder, file } = logFile();
    const client = syslogNg(
      `syslog("127.0.0.1" port(${world.port('syslog-tls')}) transport("tls")
        tls(ca-file("${tlsFile('server.crt')}") cert-file("${tlsFile('client.crt')}") key-file("${tlsFile('client.key')}") peer-verify(required-trusted)));`,
      file,
      folder,
      'ng-tls',
    );
    expect(await arrived(id, 'ng-tls', client)).toEqual(lines);
  });

  test('http() to _bulk in batches: every line arrives', async () => {
    const { id, password } = await withPassword();
    const { folder, file } = logFile();
    const client = syslogNg(
      `http(url("http://127.0.0.1:${world.port('bulk')}/_bulk") method("POST") user("${id}") password("${password}")
        headers("Content-Type: application/x-ndjson") batch-lines(100) batch-timeout(500) workers(1)
        body("{\\"index\\":{}}\\n$(format-json --scope rfc5424)") delimiter("\\n")
        disk-buffer(reliable(yes) disk-buf-size(104857600) dir("${folder}")));`,
      file,
      folder,
      'ng-http',
    );
    const got = await eventually(async () => {
      const texts = await world.texts(id);
      return (
        texts.length >= lines.length && texts.map((text) => (JSON.parse(text) as { MESSAGE: string }).MESSAGE)
      );
    }).catch((error: unknown) => {
      throw new Error(`${String(error)}\n${client.output()}`);
    });
    expect(got).toEqual(lines);
  });
});

describe('@elastic/elasticsearch', () => {
  const documents = Array.from({ length: 3000 }, (_, n) => ({ n, message: `document ${n}` }));

  test('its bulk helper sends everything, compressed, and sees a bad document and a duplicate', async () => {
    const { id, token } = await world.withToken();
    const client = new Client({
      node: `http://127.0.0.1:${world.port('bulk')}`,
      auth: { apiKey: token },
      compression: true,
    });
    try {
      const sent = await client.helpers.bulk({
        datasource: documents,
        onDocument: ({ n }) => ({ create: { _index: 'logs', _id: `doc-${n}` } }),
        flushBytes: 50_000,
      });
      expect(sent).toMatchObject({ total: 3000, successful: 3000, failed: 0 });
      const got = (await world.texts(id)).map((text) => JSON.parse(text) as { n: number });
      expect(got.map(({ n }) => n).sort((a, b) => a - b)).toEqual(documents.map(({ n }) => n));

      const again = await client.bulk({
        operations: [
          { create: { _index: 'logs', _id: 'doc-1' } },
          { n: 1 },
          { update: { _id: 'doc-1' } },
          { doc: {} },
        ],
      });
      expect(again.errors).toBe(true);
      expect(again.items.map((item) => Object.values(item)[0]?.status)).toEqual([409, 400]);
      expect(await client.info()).toMatchObject({ tagline: 'You Know, for Search' });
    } finally {
      await client.close();
    }
  });

  test('while the door is over capacity it waits and tries again', async () => {
    const { id, token } = await world.withToken();
    await world.sources.change(world.operator, id, { state: 'paused' });
    const client = new Client({ node: `http://127.0.0.1:${world.port('bulk')}`, auth: { apiKey: token } });
    try {
      const sending = client.helpers.bulk({
        datasource: documents.slice(0, 10),
        onDocument: () => ({ create: { _index: 'logs' } }),
        retries: 20,
        wait: 200,
      });
      await eventually(async () => (await world.balance(id)).refused > 0);
      await world.sources.change(world.operator, id, { state: 'active' });
      expect(await sending).toMatchObject({ successful: 10, failed: 0 });
      expect(await world.texts(id)).toHaveLength(10);
    } finally {
      await client.close();
    }
  });
});

test('after all of this every balance holds', async () => {
  for (const { balance } of await world.sources.list(world.operator)) {
    expect(balance.received).toBe(balance.stored + balance.rejected + balance.pending);
  }
  expect(world.faults).toEqual([]);
});
