import { fieldsOf } from '../fields.ts';
import { keysOf } from '../keys.ts';
import { decodeText, encodingRemark, parseJson } from './decode.ts';
import {
  type AssetRow,
  caps,
  type FileRead,
  type Link,
  listOf,
  member,
  type Reader,
  type RefusedRow,
  textOf,
  Unreadable,
} from './record.ts';
import { readTable, type Table } from './table.ts';
import { readWorkbook } from './workbook.ts';

/** RVTools (vInfo and vHost, as workbook or CSV) and `govc vm.info -json`, `govc host.info -json`. */
export const readVmware: Reader = async (bytes, { source }) => {
  if (bytes[0] === 0x50 && bytes[1] === 0x4b) {
    const sheets = await readWorkbook(bytes, ['vInfo', 'vHost']);
    if (sheets.length === 0) throw new Unreadable('The workbook has neither a sheet "vInfo" nor "vHost".');
    return joined(sheets.map((sheet) => fromTable(sheet, source)));
  }
  const { text, westernLines } = decodeText(bytes);
  const read = /^\s*[{[]/.test(text) ? fromGovc(parseJson(text), source) : fromTable(readTable(text), source);
  return { ...read, remarks: [...read.remarks, ...encodingRemark(westernLines)] };
};

const joined = (reads: readonly FileRead[]): FileRead => ({
  rows: reads.flatMap(({ rows }) => rows),
  refused: reads.flatMap(({ refused }) => refused),
  remarks: reads.flatMap(({ remarks }) => remarks),
});

function fromTable(table: Table, source: string): FileRead {
  if (table.columns.includes('vm')) return machines(table);
  if (table.columns.includes('host') && table.columns.includes('esxversion')) return hosts(table, source);
  throw new Unreadable('It has neither the column "VM" of vInfo nor "ESX Version" of vHost.');
}

type Machine = {
  line: number;
  name: string;
  hostname?: string | undefined;
  machineId?: string | undefined;
  vm?: string | undefined;
  macs?: readonly string[];
  os?: string | undefined;
  addresses?: string | undefined;
  power?: string | undefined;
  cluster?: string | undefined;
  location?: string | undefined;
  description?: string | undefined;
  on: Link | undefined;
};

/**
 * A machine is lost with the hypervisor that runs it: wholly for confidentiality and integrity, and for availability half in
 * a cluster, where it starts again on another.
 */
const runsOn = (name: string, to: Link['to'], clustered: boolean): Link | undefined =>
  to.length === 0 ? undefined : { name, to, c: 100, i: 100, a: clustered ? 50 : 100 };

function machineRow(one: Machine): AssetRow | RefusedRow {
  const keys = keysOf({
    kind: 'host',
    hostname: one.hostname,
    machineId: one.machineId,
    vm: one.vm,
    macs: one.macs,
  });
  if (keys.length === 0)
    return { line: one.line, name: one.name.slice(0, 200), why: ['It has neither a UUID nor a DNS name.'] };
  return {
    line: one.line,
    name: one.name.slice(0, 200),
    kind: 'host',
    keys,
    links: one.on === undefined ? [] : [one.on],
    fields: fieldsOf({ ...one, name: one.name.slice(0, 200), vendor: 'VMware', model: 'virtual machine' }),
  };
}

const sorted = (list: readonly string[]): string => [...new Set(list)].sort().slice(0, 40).join(', ');

function machines(table: Table): FileRead {
  const rows: AssetRow[] = [];
  const refused: RefusedRow[] = [];
  const on = new Map<string, AssetRow>();
  let templates = 0;
  for (const { line, cell } of table.rows) {
    if (/^(true|1|yes)$/i.test(cell('template'))) {
      templates++;
      continue;
    }
    const host = cell('host');
    const cluster = cell('cluster');
    const hostKeys = keysOf({ kind: 'hypervisor', hostname: host });
    if (hostKeys.length > 0 && !on.has(host.toLowerCase()))
      on.set(host.toLowerCase(), {
        line,
        name: host,
        kind: 'hypervisor',
        keys: hostKeys,
        fields: fieldsOf({ name: host, hostname: host, cluster, location: cell('datacenter') }),
      });
    const name = cell('vm') || cell('dnsname');
    if (name === '') {
      refused.push({ line, name: '', why: ['VM: it has no name.'] });
      continue;
    }
    const row = machineRow({
      line,
      name,
      hostname: cell('dnsname'),
      machineId: cell('smbiosuuid') || cell('uuid'),
      vm: cell('vmuuid') || cell('vminstanceuuid'),
      os: cell('osaccordingtothevmwaretools') || cell('osaccordingtotheconfigurationfile') || cell('os'),
      addresses: sorted(
        cell('primaryipaddress')
          .split(/[\s,;]+/)
          .filter(Boolean),
      ),
      power: cell('powerstate'),
      cluster,
      location: cell('datacenter'),
      description: cell('annotation'),
      on: runsOn(host, hostKeys, cluster !== ''),
    });
    if ('why' in row) refused.push(row);
    else rows.push(row);
  }
  return {
    rows: [...on.values(), ...rows],
    refused,
    remarks: templates === 0 ? [] : [`${templates} templates were left out: they do not run.`],
  };
}

function hosts(table: Table, source: string): FileRead {
  const rows: AssetRow[] = [];
  const refused: RefusedRow[] = [];
  for (const { line, cell } of table.rows) {
    const name = cell('host');
    const keys = keysOf({
      kind: 'hypervisor',
      hostname: name,
      machineId: cell('uuid'),
      serial: cell('serialnumber') || cell('servicetag'),
      register: cell('objectid') === '' ? undefined : `${source}:${cell('objectid')}`,
    });
    if (keys.length === 0) {
      refused.push({
        line,
        name: name.slice(0, 200),
        why: ['Host: it has no name that could be known again.'],
      });
      continue;
    }
    rows.push({
      line,
      name,
      kind: 'hypervisor',
      keys,
      fields: fieldsOf({
        name,
        hostname: name,
        os: 'VMware ESXi',
        osVersion: cell('esxversion'),
        vendor: cell('vendor'),
        model: cell('model'),
        cluster: cell('cluster'),
        location: cell('datacenter'),
      }),
    });
  }
  return { rows, refused, remarks: [] };
}

/** Members are in lower case since govc 0.30, with a capital before. */
const got = (value: unknown, name: string): unknown =>
  member(value, name) ?? member(value, `${name.slice(0, 1).toUpperCase()}${name.slice(1)}`);
const path = (value: unknown, ...names: readonly string[]): unknown =>
  names.reduce<unknown>((at, name) => got(at, name), value);
const text = (value: unknown, ...names: readonly string[]): string | undefined =>
  textOf({ it: path(value, ...names) }, 'it');
const list = (value: unknown, ...names: readonly string[]): readonly unknown[] =>
  listOf({ it: path(value, ...names) }, 'it');

function fromGovc(document: unknown, source: string): FileRead {
  const rows: AssetRow[] = [];
  const refused: RefusedRow[] = [];
  const vms = list(document, 'virtualMachines');
  const esx = list(document, 'hostSystems');
  if (vms.length === 0 && esx.length === 0)
    throw new Unreadable('It holds neither "virtualMachines" nor "hostSystems" of govc.');
  if (vms.length + esx.length > caps.rows) throw new Unreadable(`It has more than ${caps.rows} machines.`);
  const register = (reference: string | undefined): string | undefined =>
    reference === undefined ? undefined : `${source}:${reference}`;
  for (const [at, host] of esx.entries()) {
    const name = text(host, 'summary', 'config', 'name') ?? text(host, 'name') ?? '';
    const keys = keysOf({
      kind: 'hypervisor',
      hostname: name,
      machineId: text(host, 'summary', 'hardware', 'uuid'),
      serial: text(host, 'hardware', 'systemInfo', 'serialNumber'),
      register: register(text(host, 'self', 'value')),
    });
    if (keys.length === 0 || name === '')
      refused.push({ line: at + 1, name, why: ['The host system has no name.'] });
    else
      rows.push({
        line: at + 1,
        name,
        kind: 'hypervisor',
        keys,
        fields: fieldsOf({
          name,
          hostname: name,
          os: 'VMware ESXi',
          osVersion: text(host, 'summary', 'config', 'product', 'version'),
          vendor: text(host, 'summary', 'hardware', 'vendor'),
          model: text(host, 'summary', 'hardware', 'model'),
        }),
      });
  }
  for (const [at, vm] of vms.entries()) {
    if (path(vm, 'config', 'template') === true) continue;
    const name =
      text(vm, 'config', 'name') ?? text(vm, 'name') ?? text(vm, 'summary', 'config', 'name') ?? '';
    const nets = list(vm, 'guest', 'net');
    const reference = text(vm, 'runtime', 'host', 'value') ?? text(vm, 'summary', 'runtime', 'host', 'value');
    const host = register(reference);
    const row = machineRow({
      line: esx.length + at + 1,
      name,
      hostname: text(vm, 'guest', 'hostName') ?? text(vm, 'summary', 'guest', 'hostName'),
      machineId: text(vm, 'config', 'uuid') ?? text(vm, 'summary', 'config', 'uuid'),
      vm: text(vm, 'config', 'instanceUuid') ?? text(vm, 'summary', 'config', 'instanceUuid'),
      macs: [...nets, ...list(vm, 'config', 'hardware', 'device')].flatMap(
        (one) => text(one, 'macAddress') ?? [],
      ),
      os:
        text(vm, 'guest', 'guestFullName') ??
        text(vm, 'config', 'guestFullName') ??
        text(vm, 'summary', 'config', 'guestFullName'),
      addresses: sorted(
        [
          text(vm, 'guest', 'ipAddress') ?? text(vm, 'summary', 'guest', 'ipAddress'),
          ...nets.flatMap((one) => list(one, 'ipAddress')),
        ].filter((one) => typeof one === 'string' && !/^(fe80:|169\.254\.)/i.test(one)) as string[], // the filter leaves texts only
      ),
      power: text(vm, 'runtime', 'powerState') ?? text(vm, 'summary', 'runtime', 'powerState'),
      description: text(vm, 'config', 'annotation'),
      on:
        host === undefined
          ? undefined
          : runsOn(reference ?? '', [{ kind: 'register', value: host.toLowerCase() }], true),
    });
    if ('why' in row) refused.push(row);
    else if (name === '') refused.push({ line: row.line, name: '', why: ['The machine has no name.'] });
    else rows.push(row);
  }
  return { rows, refused, remarks: [] };
}
