import { fieldsOf } from '../fields.ts';
import { type Key, keysOf } from '../keys.ts';
import { decodeText, encodingRemark, parseJson } from './decode.ts';
import { osPurl } from './packages.ts';
import {
  type AssetRow,
  caps,
  listOf,
  member,
  type Package,
  packageOf,
  type Reader,
  type RefusedRow,
  textOf,
  Unreadable,
} from './record.ts';

type Cells = Readonly<Record<string, unknown>>;
/** One result: rows of a table of one host, as a whole or as a change. */
type Result = {
  host: string;
  table: Table | undefined;
  rows: Cells[];
  mode: 'all' | 'added' | 'removed';
  at: string | undefined;
};

/**
 * osquery's results log (a line a result: differential, batched or snapshot), answers to distributed queries, and what
 * `osqueryi --json` prints. Half a line at the end is refused and named; the lines before it stand.
 */
export const readOsquery: Reader = (bytes, { host }) => {
  const { text, westernLines } = decodeText(bytes);
  const refused: RefusedRow[] = [];
  const hosts = new Map<string, Host>();
  const other = new Map<string, number>();
  for (const { line, value, fault } of documents(text)) {
    if (fault !== undefined) {
      refused.push({ line, name: '', why: [fault] });
      continue;
    }
    const results = resultsOf(value, host);
    if (typeof results === 'string') {
      refused.push({ line, name: '', why: [results] });
      continue;
    }
    for (const result of results) {
      const key = result.host.toLowerCase();
      const known = hosts.get(key) ?? newHost(result.host, line);
      hosts.set(key, known);
      if (hosts.size > caps.rows) throw new Unreadable(`It tells of more than ${caps.rows} hosts.`);
      take(known, result, other);
    }
  }
  const rows: AssetRow[] = [];
  for (const known of hosts.values()) {
    const found = rowsOf(known);
    if ('why' in found) refused.push(found);
    else rows.push(...found.rows);
  }
  return {
    rows,
    refused,
    remarks: [
      ...encodingRemark(westernLines),
      ...[...other].slice(0, 10).map(([table, count]) => `${count} rows of "${table}" say nothing to us.`),
    ],
  };
};

/** Whole documents, or one a line. */
function* documents(text: string): Generator<{ line: number; value?: unknown; fault?: string }> {
  const start = text.trimStart();
  if (start === '') throw new Unreadable('It is empty.');
  const firstLine = start.split('\n', 1)[0] ?? '';
  if (start.startsWith('[') || !isWhole(firstLine)) {
    try {
      yield { line: 1, value: parseJson(text) };
      return;
    } catch (error) {
      // One broken document is no file; broken lines are told apart below.
      if (start.startsWith('[') || !/^\s*\{.*\}\s*$/m.test(start)) throw error;
    }
  }
  let line = 0;
  for (const content of text.split('\n')) {
    line++;
    if (content.trim() === '') continue;
    try {
      yield { line, value: parseJson(content) };
    } catch {
      yield { line, fault: 'This line is no whole JSON document: was the end cut off?' };
    }
  }
}

function isWhole(line: string): boolean {
  try {
    parseJson(line);
    return true;
  } catch {
    return false;
  }
}

function resultsOf(value: unknown, host: string | undefined): Result[] | string {
  if (Array.isArray(value)) {
    const rows = value.filter(isCells);
    if (rows.length > 0 && rows.every((row) => member(row, 'hostIdentifier') !== undefined))
      return rows.flatMap((row) => {
        const results = resultsOf(row, host);
        return typeof results === 'string' ? [] : results;
      });
    return host === undefined && !rows.some((row) => textOf(row, 'hardware_uuid') !== undefined)
      ? 'These rows do not say of which host they are: name the host.'
      : [{ host: host ?? '', table: undefined, rows, mode: 'all', at: undefined }];
  }
  if (!isCells(value)) return 'It is no object.';
  const queries = member(value, 'queries');
  const decorations = member(value, 'decorations');
  const of =
    textOf(value, 'hostIdentifier') ??
    textOf(decorations, 'hostname') ??
    textOf(decorations, 'host_uuid') ??
    textOf(value, 'host_identifier') ??
    host ??
    textOf(value, 'node_key');
  if (of === undefined) return 'It names no host (hostIdentifier).';
  const at = timeOf(value);
  if (isCells(queries))
    return Object.entries(queries).map(([name, rows]) => ({
      host: of,
      table: tableNamed(name),
      rows: Array.isArray(rows) ? rows.filter(isCells) : [],
      mode: 'all' as const,
      at,
    }));
  const table = tableNamed(textOf(value, 'name') ?? '');
  const snapshot = member(value, 'snapshot');
  if (Array.isArray(snapshot)) return [{ host: of, table, rows: snapshot.filter(isCells), mode: 'all', at }];
  const diff = member(value, 'diffResults');
  if (isCells(diff))
    return (['removed', 'added'] as const).map((mode) => ({
      host: of,
      table,
      rows: listOf(diff, mode).filter(isCells),
      mode,
      at,
    }));
  const columns = member(value, 'columns');
  if (!isCells(columns)) return 'It holds no columns, snapshot or queries of osquery.';
  return [
    {
      host: of,
      table,
      rows: [columns],
      mode: member(value, 'action') === 'removed' ? 'removed' : 'added',
      at,
    },
  ];
}

const isCells = (value: unknown): value is Cells =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function timeOf(value: unknown): string | undefined {
  const seconds = Number(textOf(value, 'unixTime'));
  if (!Number.isFinite(seconds) || seconds <= 0 || seconds > 32_503_680_000) return undefined;
  return new Date(seconds * 1000).toISOString();
}

const tables = [
  'system_info',
  'os_version',
  'interface_addresses',
  'interface_details',
  'deb_packages',
  'rpm_packages',
  'programs',
  'apps',
  'users',
] as const;
type Table = (typeof tables)[number];
/** Queries are named freely, and mostly after their table: `pack_inventory_deb_packages`. */
const tableNamed = (name: string): Table | undefined =>
  tables.find(
    (table) =>
      name === table ||
      name.endsWith(`_${table}`) ||
      name.endsWith(`/${table}`) ||
      name.endsWith(`:${table}`),
  );

/** By columns that only this table has. */
function tableLike(row: Cells): Table | undefined {
  const has = (...names: string[]): boolean => names.every((name) => Object.hasOwn(row, name));
  if (has('hardware_uuid') || has('cpu_brand', 'hostname')) return 'system_info';
  if (has('name', 'version', 'major', 'platform')) return 'os_version';
  if (has('interface', 'mac')) return 'interface_details';
  if (has('interface', 'address')) return 'interface_addresses';
  if (has('name', 'version', 'release', 'arch')) return 'rpm_packages';
  if (has('name', 'version', 'revision') || has('name', 'version', 'arch', 'source')) return 'deb_packages';
  if (has('name', 'version', 'publisher')) return 'programs';
  if (has('bundle_identifier', 'name')) return 'apps';
  return has('uid', 'username', 'directory') || has('uid', 'username', 'shell') ? 'users' : undefined;
}

type Host = {
  readonly name: string;
  readonly line: number;
  at: string | undefined;
  /** By table: each row once, by its text. */
  readonly tables: Map<Table, Map<string, Cells>>;
};
const newHost = (name: string, line: number): Host => ({ name, line, at: undefined, tables: new Map() });

function take(host: Host, result: Result, other: Map<string, number>): void {
  if (result.at !== undefined && (host.at === undefined || result.at > host.at)) host.at = result.at;
  const cleared = new Set<Table>();
  if (result.mode === 'all' && result.table !== undefined && result.rows.length > 0) {
    host.tables.delete(result.table);
    cleared.add(result.table);
  }
  for (const row of result.rows) {
    const table = result.table ?? tableLike(row);
    if (table === undefined) {
      const name = Object.keys(row).slice(0, 4).join(', ').slice(0, 80);
      if (other.size < 50 || other.has(name)) other.set(name, (other.get(name) ?? 0) + 1);
      continue;
    }
    if (result.mode === 'all' && !cleared.has(table)) {
      host.tables.delete(table);
      cleared.add(table);
    }
    const rows = host.tables.get(table) ?? new Map<string, Cells>();
    host.tables.set(table, rows);
    const text = JSON.stringify(row, Object.keys(row).sort());
    if (result.mode === 'removed') rows.delete(text);
    else rows.set(text, row);
    if (rows.size > caps.packagesOfOne)
      throw new Unreadable(
        `It lists more than ${caps.packagesOfOne} rows of ${table} for ${host.name.slice(0, 80)}.`,
      );
  }
}

function rowsOf(host: Host): { rows: AssetRow[] } | RefusedRow {
  const rows = (table: Table): Cells[] => [...(host.tables.get(table)?.values() ?? [])];
  const system = rows('system_info').at(-1);
  const os = rows('os_version').at(-1);
  const isId = /^[0-9a-f]{8}-[0-9a-f-]{27}$/i.test(host.name);
  const hostname =
    textOf(system, 'hostname') ?? textOf(system, 'computer_name') ?? (isId ? undefined : host.name);
  const keys = keysOf({
    kind: 'host',
    hostname,
    machineId: textOf(system, 'hardware_uuid') ?? (isId ? host.name : undefined),
    serial: textOf(system, 'hardware_serial'),
    macs: rows('interface_details').flatMap((row) => textOf(row, 'mac') ?? []),
  });
  if (keys.length === 0)
    return {
      line: host.line,
      name: host.name.slice(0, 200),
      why: ['It has neither a host name nor a machine id.'],
    };
  const software = softwareOf(rows, os);
  const addresses = rows('interface_addresses')
    .flatMap((row) => (textOf(row, 'address') ?? '').split('%', 1))
    .filter((address) => address !== '' && !/^(127\.|::1$|fe80:|169\.254\.)/.test(address));
  const name = hostname ?? host.name;
  const row: AssetRow = {
    line: host.line,
    name,
    kind: 'host',
    keys,
    at: host.at,
    ...(software.length > 0 && { software }),
    fields: fieldsOf({
      name,
      hostname,
      os: textOf(os, 'name'),
      osVersion: textOf(os, 'version'),
      kernel: textOf(os, 'kernel_version'),
      architecture: textOf(system, 'cpu_type') ?? textOf(os, 'arch'),
      vendor: textOf(system, 'hardware_vendor'),
      model: textOf(system, 'hardware_model'),
      addresses: [...new Set(addresses)].sort().slice(0, 40).join(', '),
    }),
  };
  return { rows: [row, ...rows('users').flatMap((user) => accountOf(user, name, keys, host) ?? [])] };
}

function softwareOf(rows: (table: Table) => Cells[], os: Cells | undefined): Package[] {
  const platform = textOf(os, 'platform');
  const release = [
    textOf(os, 'major'),
    platform === 'ubuntu' ? textOf(os, 'minor')?.padStart(2, '0') : undefined,
  ];
  const distro = platform && release[0] ? `${platform}-${release.filter(Boolean).join('.')}` : undefined;
  const named = (one: Package | undefined, type: 'deb' | 'rpm'): Package[] =>
    one === undefined
      ? []
      : [platform === undefined ? one : { ...one, purl: osPurl(type, platform, one, distro) }];
  return [
    ...rows('deb_packages')
      .filter((row) => !/(not-installed|config-files)$/.test(textOf(row, 'status') ?? ''))
      .flatMap((row) => {
        const version = textOf(row, 'version') ?? '';
        const source = textOf(row, 'source');
        const from = /^(\S+)(?:\s+\(([^)\s]+)\))?/.exec(source ?? textOf(row, 'name') ?? '');
        return named(
          packageOf('deb', {
            name: textOf(row, 'name'),
            version,
            architecture: textOf(row, 'arch'),
            origin: from === null ? '' : `${from[1]} ${from[2] ?? version}`,
          }),
          'deb',
        );
      }),
    ...rows('rpm_packages').flatMap((row) => {
      const release = textOf(row, 'release');
      const epoch = textOf(row, 'epoch');
      const version = `${epoch && epoch !== '0' ? `${epoch}:` : ''}${textOf(row, 'version') ?? ''}${release ? `-${release}` : ''}`;
      return named(
        packageOf('rpm', { name: textOf(row, 'name'), version, architecture: textOf(row, 'arch') }),
        'rpm',
      );
    }),
    ...[...rows('programs'), ...rows('apps')].flatMap(
      (row) =>
        packageOf('program', {
          name: textOf(row, 'name'),
          version: textOf(row, 'version') ?? textOf(row, 'bundle_short_version'),
        }) ?? [],
    ),
  ];
}

/** People's accounts: with a SID of their own on Windows, from user id 1000 and with a shell elsewhere. */
function accountOf(user: Cells, hostname: string, of: readonly Key[], host: Host): AssetRow | undefined {
  const username = textOf(user, 'username');
  const uid = Number(textOf(user, 'uid'));
  const id = textOf(user, 'uuid');
  const sid = keysOf({ kind: 'account', sid: id });
  const person =
    sid.length > 0 ||
    (uid >= 1000 && uid < 60_000 && !/(nologin|false)$/.test(textOf(user, 'shell') ?? '/false'));
  if (username === undefined || !person) return undefined;
  const name = `${hostname}\\${username}`;
  return {
    line: host.line,
    name,
    kind: 'account',
    at: host.at,
    // A domain account is the same on every host; a local one belongs to its machine.
    keys:
      sid.length > 0
        ? sid
        : keysOf({
            kind: 'account',
            name: `${(of.find(({ kind }) => kind === 'machine-id') ?? of[0])?.value}/${username}`,
          }),
    fields: fieldsOf({ name, account: username, description: textOf(user, 'description') }),
  };
}
