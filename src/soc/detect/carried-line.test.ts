import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { LineReader, loadMaps } from '#soc/normalise';
import { readItem } from './read-item.ts';

const maps = loadMaps(fileURLToPath(new URL('../../../content/normalise', import.meta.url)));
const lines = new LineReader(maps);
const read = (record: object) => {
  const item = readItem(
    Buffer.from(JSON.stringify(record)),
    { wire: 'json', peer: '', receivedMs: Date.parse('2026-11-23T03:00:00Z') },
    undefined,
    lines,
  );
  if ('code' in item) throw new Error(item.reason);
  return item;
};
const sudo = 'ops.hale : TTY=pts/3 ; PWD=/tmp ; USER=root ; COMMAND=/bin/bash';

test.each([
  [
    'Filebeat, a line of a file',
    {
      '@timestamp': '2026-11-23T02:59:01Z',
      log: { file: { path: '/var/log/auth.log' } },
      message: `Nov 23 02:59:00 jump-01 sudo:   ${sudo}`,
    },
  ],
  ['a file that keeps the priority', { message: `<85>Nov 23 02:59:00 jump-01 sudo: ${sudo}` }],
  ['Fluent Bit, tail', { log: `Nov 23 02:59:00 jump-01 sudo: ${sudo}` }],
  [
    'rsyslog, fields apart',
    { '@timestamp': '2026-11-23T02:59:00Z', host: 'jump-01', program: 'sudo', message: ` ${sudo}` },
  ],
  [
    'rsyslog, standard template',
    { timestamp: '2026-11-23T02:59:00Z', host: 'jump-01', syslogtag: 'sudo[311]:', message: ` ${sudo}` },
  ],
  [
    'syslog-ng, format-json',
    { PROGRAM: 'sudo', HOST: 'jump-01', MESSAGE: sudo, ISODATE: '2026-11-23T02:59:00+00:00' },
  ],
  ['Filebeat, syslog input', { message: sudo, process: { name: 'sudo' }, host: { name: 'jump-01' } }],
])('%s is read as the line it carries', (_name, record) => {
  const item = read(record);
  expect(item.fields).toMatchObject({
    hostname: 'jump-01',
    program: 'sudo',
    user: 'ops.hale',
    target_user: 'root',
    command: '/bin/bash',
  });
  expect(item.logsources).toContainEqual({ product: 'linux', service: 'sudo' });
});

test('what the shipper said beside the line is kept', () => {
  const record = { message: `Nov 23 02:59:00 jump-01 sudo: ${sudo}`, fields: { site: 'east' } };
  expect(read(record).fields).toMatchObject({ fields: { site: 'east' } });
});

test('a record whose message is no known line stays the record it is', () => {
  const record = { message: 'order 17 was paid', order: 17 };
  expect(read(record)).toMatchObject({ fields: record, logsources: [] });
});
