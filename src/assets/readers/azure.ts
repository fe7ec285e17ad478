import type { AssetKind } from '../contract.ts';
import { fieldsOf } from '../fields.ts';
import { keysOf } from '../keys.ts';
import { leftOut } from './aws.ts';
import { decodeText, encodingRemark, parseJson } from './decode.ts';
import {
  type AssetRow,
  caps,
  listOf,
  member,
  type Reader,
  type RefusedRow,
  textOf,
  Unreadable,
} from './record.ts';
import { readTable } from './table.ts';

/** Resources as Azure Resource Graph gives them: JSON of the command line or the API, or the CSV of the portal. */
export const readAzure: Reader = (bytes) => {
  const { text, westernLines } = decodeText(bytes);
  const resources = /^\s*[{[]/.test(text) ? fromJson(parseJson(text)) : fromCsv(text);
  if (resources.length > caps.rows) throw new Unreadable(`It has more than ${caps.rows} resources.`);
  const rows: AssetRow[] = [];
  const refused: RefusedRow[] = [];
  const left = new Map<string, number>();
  for (const { line, resource } of resources) {
    const row = resourceRow(resource, line, left);
    if (row === undefined) continue;
    if ('why' in row) refused.push(row);
    else rows.push(row);
  }
  return { rows, refused, remarks: [...leftOut(left), ...encodingRemark(westernLines)] };
};

type Listed = { line: number; resource: unknown };

function fromJson(document: unknown): Listed[] {
  const data = Array.isArray(document) ? document : (member(document, 'data') ?? member(document, 'value'));
  const list = Array.isArray(data) ? data : undefined;
  if (list !== undefined) return list.map((resource, at) => ({ line: at + 1, resource }));
  // The API's table form: columns once, then rows.
  const columns = listOf(data, 'columns').map((column) => textOf(column, 'name') ?? '');
  const rows = listOf(data, 'rows');
  if (columns.length === 0)
    throw new Unreadable('It holds no list of resources: "data" or "value" is missing.');
  return rows.map((row, at) => ({
    line: at + 1,
    resource: Object.fromEntries(
      columns.map((name, position) => [name, Array.isArray(row) ? row[position] : undefined]),
    ),
  }));
}

function fromCsv(text: string): Listed[] {
  const table = readTable(text);
  if (!table.columns.includes('id') || !table.columns.includes('type'))
    throw new Unreadable('The columns "id" and "type" are missing: keep them in the query.');
  return table.rows.map(({ line, cell }) => ({
    line,
    resource: {
      ...Object.fromEntries(
        ['id', 'name', 'type', 'location', 'subscriptionId', 'resourceGroup'].map((name) => [
          name,
          cell(name.toLowerCase()),
        ]),
      ),
      properties: object(cell('properties')),
      tags: object(cell('tags')),
    },
  }));
}

/** The portal writes objects as JSON into the cell. */
function object(text: string): unknown {
  if (!text.startsWith('{')) return {};
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

const kinds: Readonly<Record<string, AssetKind>> = {
  'microsoft.compute/virtualmachines': 'host',
  'microsoft.hybridcompute/machines': 'host',
  'microsoft.network/virtualnetworks': 'network',
  'microsoft.storage/storageaccounts': 'data-store',
  'microsoft.sql/servers': 'data-store',
  'microsoft.sql/servers/databases': 'data-store',
  'microsoft.documentdb/databaseaccounts': 'data-store',
  'microsoft.dbforpostgresql/flexibleservers': 'data-store',
  'microsoft.dbformysql/flexibleservers': 'data-store',
  'microsoft.keyvault/vaults': 'data-store',
  'microsoft.web/sites': 'application',
  'microsoft.containerservice/managedclusters': 'application',
};

function resourceRow(
  resource: unknown,
  line: number,
  left: Map<string, number>,
): AssetRow | RefusedRow | undefined {
  const type = (textOf(resource, 'type') ?? '').toLowerCase();
  const id = textOf(resource, 'id');
  const name = textOf(resource, 'name')?.slice(0, 200);
  const kind = Object.hasOwn(kinds, type) ? kinds[type] : undefined;
  if (type === '') return { line, name: name ?? '', why: ['It has no type.'] };
  if (kind === undefined) {
    if (left.size < 1000) left.set(type.slice(0, 80), (left.get(type.slice(0, 80)) ?? 0) + 1);
    return undefined;
  }
  if (id === undefined || !id.startsWith('/subscriptions/') || name === undefined)
    return {
      line,
      name: name ?? '',
      why: ['It has no resource id that starts with /subscriptions/, or no name.'],
    };
  const properties = member(resource, 'properties');
  const profile = member(properties, 'osProfile');
  const instance = member(member(properties, 'extended'), 'instanceView');
  const disk = member(member(properties, 'storageProfile'), 'osDisk');
  const image = member(member(properties, 'storageProfile'), 'imageReference');
  return {
    line,
    name,
    kind,
    keys: keysOf({
      kind,
      cloudInstance: id,
      hostname:
        kind === 'host'
          ? (textOf(instance, 'computerName') ??
            textOf(profile, 'computerName') ??
            textOf(properties, 'machineFqdn'))
          : undefined,
      machineId: textOf(properties, 'vmId') ?? textOf(properties, 'vmUuid'),
    }),
    fields: fieldsOf({
      name,
      hostname:
        kind === 'host' ? (textOf(instance, 'computerName') ?? textOf(profile, 'computerName')) : undefined,
      os:
        textOf(instance, 'osName') ??
        textOf(properties, 'osName') ??
        textOf(image, 'offer') ??
        textOf(disk, 'osType'),
      osVersion: textOf(instance, 'osVersion') ?? textOf(image, 'sku'),
      vendor: 'Azure',
      model: type,
      instanceType: textOf(member(properties, 'hardwareProfile'), 'vmSize'),
      location: textOf(resource, 'location'),
      account: textOf(resource, 'subscriptionId') ?? id.split('/')[2],
      owner: textOf(member(resource, 'tags'), 'owner') ?? textOf(member(resource, 'tags'), 'Owner'),
      power: textOf(member(instance, 'powerState'), 'code'),
      exposure:
        textOf(properties, 'publicNetworkAccess') === 'Enabled' && kind === 'data-store'
          ? 'internet'
          : undefined,
    }),
  };
}
