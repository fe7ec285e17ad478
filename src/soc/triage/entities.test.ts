import { expect, test } from 'vitest';
import { entitiesOf, entityKey } from './entities.ts';

const of = (columns: Record<string, unknown>) => entitiesOf((name) => columns[name], 'acme-fw');

test('an alert is grouped by the host when the event names one', () => {
  expect(of({ src_ip: '10.0.0.9', actor_user_name: 'jo', device_hostname: 'LAB-7' })).toEqual([
    { kind: 'host', value: 'LAB-7' },
    { kind: 'user', value: 'jo' },
    { kind: 'address', value: '10.0.0.9' },
  ]);
});

test('an event that names nothing is about its source', () => {
  expect(of({ device_hostname: '', src_ip: '::', actor_user_name: '-', process_path: 7 })).toEqual([
    { kind: 'source', value: 'acme-fw' },
  ]);
});

test('one name in two columns is one entity, whatever its case', () => {
  expect(of({ actor_user_name: 'Admin', target_user_name: 'ADMIN' })).toEqual([
    { kind: 'user', value: 'ADMIN' },
  ]);
});

test('an IPv4 address in IPv6 clothes is shown as IPv4', () => {
  expect(of({ src_ip: '::ffff:192.0.2.4' })).toEqual([{ kind: 'address', value: '192.0.2.4' }]);
});

test('a value without end is cut', () => {
  expect(of({ file_path: 'x'.repeat(9000) })[0]?.value).toHaveLength(512);
});

test('names that differ in case group together', () => {
  expect(entityKey({ kind: 'host', value: 'LAB-7' })).toBe(entityKey({ kind: 'host', value: 'lab-7' }));
});
