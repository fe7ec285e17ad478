/**
 * What the `_bulk` door takes: `node bench/door.ts`. A client process posts bulks of 1,000 Sysmon-like events of about
 * 1 KB, plain and gzip, with and without ids; the door checks each event and has it on disk before it answers. Printed:
 * events per second, events per second of the door's CPU time, and beside it JSON.parse alone on the same events.
 */
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { createTestRecords } from '#platform/records/testing';
import { createWorld } from '../src/soc/ingest/testing.ts';

const eventsPerBulk = 1000;
const bulks = 200;

const event = (n: number): string =>
  JSON.stringify({
    EventID: 1,
    Channel: 'Microsoft-Windows-Sysmon/Operational',
    Hostname: `ws-${n % 100}.corp.example`,
    UtcTime: '2026-11-23 10:00:00.123',
    ProcessGuid: `{B3C5D7E9-1F2A-6512-${String(n).padStart(4, '0')}-000000001A00}`,
    ProcessId: 1000 + n,
    Image: 'C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe',
    CommandLine: `powershell.exe -NoProfile -ExecutionPolicy RemoteSigned -File C:\\Scripts\\inventory-${n}.ps1 -Verbose`,
    CurrentDirectory: 'C:\\Windows\\system32\\',
    User: 'CORP\\svc-inventory',
    LogonGuid: '{B3C5D7E9-0B1C-6512-E703-000000000000}',
    IntegrityLevel: 'System',
    Hashes:
      'SHA256=9F914D42706FE215501044ACD85A32D58AAEF1419D404FDDFA5D3B48F66CCD9F,IMPHASH=342A1D7F6E3C2B1A0F9E8D7C6B5A4938',
    ParentImage: 'C:\\Windows\\System32\\svchost.exe',
    ParentCommandLine: 'C:\\Windows\\system32\\svchost.exe -k netsvcs -p -s Schedule',
    RuleName: '-',
    Description: 'Windows PowerShell',
    Company: 'Microsoft Corporation',
    Message: 'Process Create',
  });

const client = `
  const [url, token, withIds, packed, file] = process.argv.slice(1);
  import { readFileSync } from 'node:fs';
  import { gzipSync } from 'node:zlib';
  const events = JSON.parse(readFileSync(file, 'utf8'));
  const body = (run) => {
    const text = events.map((one, n) => (withIds === '1' ? '{"create":{"_id":"' + run + '-' + n + '"}}' : '{"create":{}}') + '\\n' + one + '\\n').join('');
    return packed === '1' ? gzipSync(text, { level: 1 }) : text;
  };
  const bodies = Array.from({ length: withIds === '1' ? ${bulks} : 1 }, (_, n) => body(n));
  let next = 0;
  process.stdout.write('ready\\n');
  await new Promise((resolve) => process.stdin.once('data', resolve));
  await Promise.all([1, 2, 3].map(async () => {
    while (next < ${bulks}) {
      const response = await fetch(url + '/_bulk', { method: 'POST', body: bodies[next++ % bodies.length],
        headers: { authorization: 'ApiKey ' + token, 'content-type': 'application/x-ndjson', ...(packed === '1' && { 'content-encoding': 'gzip' }) } });
      if (response.status !== 200) throw new Error(String(response.status));
      await response.arrayBuffer();
    }
  }));
  process.exit(0);`;

const records = await createTestRecords();
const world = await createWorld(records);

const folder = await mkdtemp(`${tmpdir()}/ironbark-bench-door-`);
try {
  const events = Array.from({ length: eventsPerBulk }, (_, n) => event(n));
  const file = `${folder}/events.json`;
  await writeFile(file, JSON.stringify(events));
  const buffers = events.map((one) => Buffer.from(one));
  const meanBytes = Math.round(buffers.reduce((sum, { length }) => sum + length, 0) / events.length);
  for (const [withIds, packed] of [
    ['0', '0'],
    ['1', '0'],
    ['1', '1'],
  ] as const) {
    const { token } = await world.withToken();
    const child = spawn(
      process.execPath,
      [
        '--input-type=module',
        '-e',
        client,
        `http://127.0.0.1:${world.port('bulk')}`,
        token,
        withIds,
        packed,
        file,
      ],
      {
        stdio: ['pipe', 'pipe', 'inherit'],
      },
    );
    await new Promise((resolve) => child.stdout.once('data', resolve));
    const cpuBefore = process.cpuUsage();
    const from = performance.now();
    child.stdin.write('go\n');
    await new Promise<void>((resolve, reject) =>
      child.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`client ended with ${code}`)))),
    );
    const seconds = (performance.now() - from) / 1000;
    const { user, system } = process.cpuUsage(cpuBefore);
    const cpuSeconds = (user + system) / 1e6;
    const parseFrom = performance.now();
    for (let n = 0; n < 20; n++) for (const bytes of buffers) JSON.parse(bytes.toString('utf8'));
    const parseSeconds =
      ((performance.now() - parseFrom) / 1000 / 20 / events.length) * eventsPerBulk * bulks;
    const total = eventsPerBulk * bulks;
    console.log(
      `${packed === '1' ? 'gzip' : 'plain'}, ${withIds === '1' ? 'with' : 'no'} ids, ${meanBytes} B/event: ${Math.round(total / seconds)} events/s; ` +
        `${Math.round(total / cpuSeconds)} events per CPU second of the door; JSON.parse alone ${Math.round(total / parseSeconds)}/s, ratio ${(parseSeconds / cpuSeconds).toFixed(2)}`,
    );
  }
} finally {
  await world.close();
  await records.close();
  await rm(folder, { recursive: true, force: true });
}
