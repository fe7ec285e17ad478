import { type AssetKind, assetKinds } from '../contract.ts';
import { fieldsOf, readClassification, readExposure, readValue, valueText } from '../fields.ts';
import { keysOf } from '../keys.ts';
import { decodeText, encodingRemark } from './decode.ts';
import { type AssetRow, type Link, type Reader, type RefusedRow, Unreadable } from './record.ts';
import { columnName, readTable, type TableRow } from './table.ts';

/** Our columns, and what else spreadsheets call them. */
const columns = {
  kind: ['kind', 'type', 'assettype', 'category'],
  name: ['name', 'asset', 'assetname', 'title'],
  id: ['id', 'assetid', 'assettag', 'number'],
  description: ['description', 'notes', 'purpose'],
  owner: ['owner', 'assetowner', 'businessowner'],
  custodian: ['custodian', 'assetcustodian', 'technicalowner', 'steward'],
  classification: ['classification', 'marking', 'sensitivity'],
  confidentiality: ['confidentiality', 'c', 'valuec'],
  integrity: ['integrity', 'i', 'valuei'],
  availability: ['availability', 'a', 'valuea'],
  exposure: ['exposure'],
  hostname: ['hostname', 'host', 'fqdn', 'dnsname', 'computername'],
  domain: ['domain'],
  machineId: ['machineid', 'uuid', 'biosuuid', 'systemuuid'],
  serial: ['serial', 'serialnumber'],
  mac: ['mac', 'macs', 'macaddress', 'macaddresses'],
  cloudInstance: ['cloudinstance', 'instanceid', 'resourceid', 'arn'],
  sid: ['sid'],
  purl: ['purl'],
  os: ['os', 'operatingsystem'],
  osVersion: ['osversion'],
  vendor: ['vendor', 'manufacturer', 'make'],
  model: ['model'],
  addresses: ['addresses', 'address', 'ip', 'ipaddress', 'ips'],
  location: ['location', 'site'],
  dependsOn: ['dependson', 'dependencies'],
} as const;
type Column = keyof typeof columns;
// The keys of a constant are its own.
const names = Object.keys(columns) as Column[];

/** Our own columns: a row an asset. Every fault of a row is named, not only the first. */
export const readCsvFile: Reader = (bytes, { source }) => {
  const { text, westernLines } = decodeText(bytes);
  const table = readTable(text);
  const found = new Map<Column, string>();
  for (const column of names) {
    const is = columns[column].filter((alias) => table.columns.includes(alias));
    if (is.length > 0) found.set(column, is[0] ?? '');
  }
  if (!found.has('name') && !found.has('hostname'))
    throw new Unreadable('The first row has to name the columns, and one has to be "name" or "hostname".');
  const known = new Set(found.values());
  const strange = table.columns.filter((column) => !known.has(column));
  const rows: AssetRow[] = [];
  const refused: RefusedRow[] = [];
  for (const row of table.rows) {
    const read = rowOf((column) => row.cell(found.get(column) ?? '\0'), row, source);
    if ('why' in read) refused.push(read);
    else rows.push(read);
  }
  return {
    rows,
    refused,
    remarks: [
      ...encodingRemark(westernLines),
      ...(strange.length > 0 ? [`Columns that say nothing to us: ${strange.slice(0, 20).join(', ')}.`] : []),
    ],
  };
};

const kindWords: Readonly<Record<string, AssetKind>> = {
  server: 'host',
  vm: 'host',
  virtualmachine: 'host',
  computer: 'host',
  workstation: 'host',
  laptop: 'host',
  device: 'host',
  esxi: 'hypervisor',
  software: 'application',
  app: 'application',
  system: 'application',
  database: 'data-store',
  storage: 'data-store',
  datastore: 'data-store',
  data: 'information',
  informationasset: 'information',
  user: 'account',
  vendor: 'supplier',
  subnet: 'network',
  building: 'site',
  datacentre: 'site',
};
export function kindOf(text: string): AssetKind | undefined {
  const plain = columnName(text);
  return (
    assetKinds.find((kind) => columnName(kind) === plain) ??
    (Object.hasOwn(kindWords, plain) ? kindWords[plain] : undefined)
  );
}

function rowOf(cell: (column: Column) => string, row: TableRow, source: string): AssetRow | RefusedRow {
  const why: string[] = [];
  const { line } = row;
  const label = cell('name') || cell('hostname');
  const kind = cell('kind') === '' ? (cell('hostname') === '' ? undefined : 'host') : kindOf(cell('kind'));
  if (kind === undefined) why.push(`kind: "${short(cell('kind'))}" is none of ${assetKinds.join(', ')}.`);
  if (label === '') why.push('name: it has none.');
  if (label.length > 200) why.push('name: it is longer than 200 characters.');
  const read = <T>(
    column: Column,
    reader: (text: string) => T | undefined,
    wanted: string,
  ): T | undefined => {
    if (cell(column) === '') return undefined;
    const value = reader(cell(column));
    if (value === undefined) why.push(`${column}: "${short(cell(column))}" is not ${wanted}.`);
    return value;
  };
  const classification = read(
    'classification',
    readClassification,
    'UNOFFICIAL, OFFICIAL, OFFICIAL: Sensitive, PROTECTED, SECRET or TOP SECRET',
  );
  const value = (column: Column): string | undefined => {
    const given = read(column, readValue, 'a band (negligible to extreme) or dollars like 10000..50000');
    return given === undefined ? undefined : valueText(given);
  };
  const values = {
    confidentiality: value('confidentiality'),
    integrity: value('integrity'),
    availability: value('availability'),
  };
  const exposure = read('exposure', readExposure, 'internet, tenant-network, management-zone or offline');
  const links = read('dependsOn', readLinks, 'a list like "host:db1=0.9/0.9/1; site:Canberra"');
  const host = cell('hostname') || (kind === 'host' || kind === 'hypervisor' ? cell('name') : '');
  const keys =
    kind === undefined
      ? []
      : keysOf({
          kind,
          name: label,
          hostname: host,
          domain: cell('domain'),
          machineId: cell('machineId'),
          serial: cell('serial'),
          macs: cell('mac').split(/[\s,;]+/),
          cloudInstance: cell('cloudInstance'),
          sid: cell('sid'),
          purl: cell('purl'),
          register: cell('id') === '' ? undefined : `${source}:${cell('id')}`,
        });
  if (kind !== undefined && keys.length === 0)
    why.push('It has nothing to know it by: give a host name, machine id, serial, MAC address or id.');
  if (why.length > 0 || kind === undefined) return { line, name: label.slice(0, 200), why };
  return {
    line,
    name: label,
    kind,
    keys,
    ...(links && links.length > 0 && { links }),
    fields: fieldsOf({
      name: label,
      description: cell('description'),
      owner: cell('owner'),
      custodian: cell('custodian'),
      classification,
      ...values,
      exposure,
      hostname: cell('hostname'),
      domain: cell('domain'),
      os: cell('os'),
      osVersion: cell('osVersion'),
      vendor: cell('vendor'),
      model: cell('model'),
      addresses: cell('addresses')
        .split(/[\s,;]+/)
        .filter(Boolean)
        .sort()
        .join(', '),
      location: cell('location'),
    }),
  };
}

const percents: readonly number[] = [0, 1, 10, 50, 90, 100];
/** `kind:name` with degrees for C/I/A, 1 where there are none; semicolons between. */
export function readLinks(text: string): Link[] | undefined {
  const links: Link[] = [];
  for (const part of text.split(';').filter((one) => one.trim() !== '')) {
    const found = /^([a-z -]{2,20}):(.+?)(?:=([\d.]+)\/([\d.]+)\/([\d.]+))?$/i.exec(
      part.trim().slice(0, 400),
    );
    const kind = kindOf(found?.[1] ?? '');
    const name = found?.[2]?.trim();
    const [c = 100, i = 100, a = 100] = [found?.[3], found?.[4], found?.[5]].map((one) =>
      one === undefined ? 100 : Math.round(Number(one) * 100),
    );
    if (kind === undefined || name === undefined || ![c, i, a].every((one) => percents.includes(one)))
      return undefined;
    links.push({ name, to: keysOf({ kind, name, hostname: name }), c, i, a });
  }
  return links.length > 200 ? undefined : links;
}

const short = (text: string): string => (text.length > 40 ? `${text.slice(0, 40)}…` : text);
