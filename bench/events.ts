/**
 * How fast the event store takes events, and what of that is ours: encoding a block, and storing it in chDB by way of
 * the store's process.
 * `node bench/events.ts [batches]`; each figure is the best of its batches of 10,000 rows.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { columnIndex as c, EventBlock, openEvents } from '#platform/events';
import { scopeOf, tenancyId } from '#platform/scope';

const rowsEach = 10_000;
const batches = Number(process.argv[2] ?? 12);
const start = Date.UTC(2026, 4, 1);

type Row = { columns: [number, string | number][]; fields: [string, string][] };

/** A Sysmon event 1 as the normaliser fills it: 24 columns, 28 native fields; all text is made before the clock runs. */
function row(index: number): Row {
  const program = `C:\\Windows\\System32\\program${index % 300}.exe`;
  const command = `"${program}" -k netsvcs -p -s Service${index % 90} /tag:${index} --output C:\\Temp\\out${index % 977}.log`;
  const names =
    'RuleName UtcTime ProcessGuid ProcessId Image FileVersion Description Product Company OriginalFileName CommandLine CurrentDirectory User LogonGuid LogonId TerminalSessionId IntegrityLevel Hashes ParentProcessGuid ParentProcessId ParentImage ParentCommandLine ParentUser EventID Channel Computer Provider_Name EventRecordID'.split(
      ' ',
    );
  const texts: Record<string, string> = {
    Image: program,
    CommandLine: command,
    ParentImage: 'C:\\Windows\\explorer.exe',
    EventID: '1',
    Channel: 'Microsoft-Windows-Sysmon/Operational',
    EventRecordID: String(index),
    Hashes: `SHA256=${index.toString(16).padStart(64, 'A')}`,
  };
  return {
    columns: [
      [c.tenancy_id, `org${index % 20}-odce`],
      [c.time, start + index * 4],
      [c.ingest_time, start + index * 4 + 300],
      [c.event_uid, `00000000-0000-8000-8000-${index.toString(16).padStart(12, '0')}`],
      [c.class_uid, 1007],
      [c.activity_id, 1],
      [c.type_uid, 100_701],
      [c.category_uid, 1],
      [c.severity_id, 1],
      [c.source_id, `source-${index % 40}`],
      [c.product, 'windows'],
      [c.logsource_category, 'process_creation'],
      [c.logsource_service, 'sysmon'],
      [c.event_code, '1'],
      [c.provider_name, 'Microsoft-Windows-Sysmon'],
      [c.device_hostname, `ws${(index * 7919) % 2000}.corp.example`],
      [c.actor_user_name, `CORP\\user${(index * 31) % 500}`],
      [c.process_path, program],
      [c.process_cmd_line, command],
      [c.process_pid, (index * 17) % 65_536],
      [c.parent_path, 'C:\\Windows\\explorer.exe'],
      [c.process_hash_sha256, ((index * 2_654_435_761) >>> 0).toString(16).padStart(64, 'a')],
      [c.parser_id, 'windows@1'],
      [c.source_sequence, index],
    ],
    fields: names.map((name, position) => [
      name,
      texts[name] ?? `value ${position} ${(index * (position + 1)) % 1000}`,
    ]),
  };
}

const folder = mkdtempSync(`${tmpdir()}/ironbark-bench-`);
const store = await openEvents({ folder });
const childPid = readFileSync(`/proc/${process.pid}/task/${process.pid}/children`, 'latin1')
  .trim()
  .split(' ')[0];
const block = new EventBlock();
let encode = Number.POSITIVE_INFINITY;
let encodeCpu = Number.POSITIVE_INFINITY;
let insert = Number.POSITIVE_INFINITY;
let insertSum = 0;
const cpuBefore = engineCpuMilliseconds();
let blockBytes = 0;
for (let batch = 0; batch < batches; batch++) {
  const rows = Array.from({ length: rowsEach }, (_, index) => row(batch * rowsEach + index));
  const cpu = process.cpuUsage();
  let at = performance.now();
  for (const { columns, fields } of rows) {
    block.row();
    for (const [column, value] of columns) block.set(column, value);
    for (const [name, text] of fields) block.field(name, text);
  }
  const bytes = block.finish();
  encode = Math.min(encode, performance.now() - at);
  const { user, system } = process.cpuUsage(cpu);
  encodeCpu = Math.min(encodeCpu, (user + system) / 1000);
  blockBytes = bytes.length;
  at = performance.now();
  await store.insert(bytes);
  insert = Math.min(insert, performance.now() - at);
  insertSum += performance.now() - at;
}
const insertCpu = (engineCpuMilliseconds() - cpuBefore) / batches;
const scope = scopeOf([tenancyId('org1-odce')]);
if (scope === undefined) throw new Error('empty scope');
const [mine] = await store.query<{ n: number }>(scope, { sql: 'SELECT count() AS n FROM event', params: {} });
const [all] = await store.systemQuery<{ n: number; bytes: number }>({
  sql: `SELECT (SELECT count() FROM event) AS n, (SELECT sum(bytes_on_disk) FROM system.parts WHERE active AND table = 'event') AS bytes`,
  params: {},
});
await store.close();
rmSync(folder, { recursive: true, force: true });

/** Of the process that owns chDB; on a machine that does other work, truer than the clock on the wall. */
function engineCpuMilliseconds(): number {
  const fields = readFileSync(`/proc/${childPid}/stat`, 'latin1').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

const perSecond = (milliseconds: number): string =>
  Math.round((rowsEach / milliseconds) * 1000).toLocaleString('en');
console.table({
  'encode a block': { 'µs a row': ((encode / rowsEach) * 1000).toFixed(2), 'rows/s': perSecond(encode) },
  '  its processor time': {
    'µs a row': ((encodeCpu / rowsEach) * 1000).toFixed(2),
    'rows/s': perSecond(encodeCpu),
  },
  'store it (best batch)': {
    'µs a row': ((insert / rowsEach) * 1000).toFixed(2),
    'rows/s': perSecond(insert),
  },
  'store it (mean)': {
    'µs a row': ((insertSum / batches / rowsEach) * 1000).toFixed(2),
    'rows/s': perSecond(insertSum / batches),
  },
  '  its processor time, merges included': {
    'µs a row': ((insertCpu / rowsEach) * 1000).toFixed(2),
    'rows/s': perSecond(insertCpu),
  },
});
console.log(
  `${all?.n} rows stored (${mine?.n} of one tenancy), ${Math.round((all?.bytes ?? 0) / (all?.n ?? 1))} B a row on disk, ${Math.round(blockBytes / rowsEach)} B a row in a block`,
);
