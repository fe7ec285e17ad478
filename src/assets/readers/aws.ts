import type { AssetKind } from '../contract.ts';
import { fieldsOf } from '../fields.ts';
import { keysOf } from '../keys.ts';
import { decodeText, parseJson } from './decode.ts';
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

/** `aws ec2 describe-instances` (all pages, or their list), and snapshots of AWS Config. */
export const readAws: Reader = (bytes) => {
  const document = parseJson(decodeText(bytes).text);
  const pages = Array.isArray(document) ? document : [document];
  const instances = pages.flatMap((page) => [
    ...listOf(page, 'Reservations').flatMap((one) => listOf(one, 'Instances')),
    // A page that a query made flat.
    ...listOf(page, 'Instances'),
    ...(textOf(page, 'InstanceId') === undefined ? [] : [page]),
  ]);
  const items = pages.flatMap((page) => [
    ...listOf(page, 'configurationItems'),
    ...listOf(page, 'ConfigurationItems'),
  ]);
  if (instances.length === 0 && items.length === 0)
    throw new Unreadable(
      'It holds neither "Reservations" of describe-instances nor "configurationItems" of a Config snapshot.',
    );
  if (instances.length + items.length > caps.rows)
    throw new Unreadable(`It has more than ${caps.rows} resources.`);
  const rows: AssetRow[] = [];
  const refused: RefusedRow[] = [];
  const left = new Map<string, number>();
  const keep = (row: AssetRow | RefusedRow | undefined): void => {
    if (row === undefined) return;
    if ('why' in row) refused.push(row);
    else rows.push(row);
  };
  for (const [at, one] of instances.entries()) keep(instanceRow(one, at + 1, undefined));
  for (const [at, one] of items.entries()) keep(itemRow(one, instances.length + at + 1, left));
  return { rows, refused, remarks: leftOut(left) };
};

export const leftOut = (left: ReadonlyMap<string, number>): string[] =>
  left.size === 0
    ? []
    : [
        `${[...left.values()].reduce((sum, one) => sum + one, 0)} resources of other types were left out: ${[
          ...left,
        ]
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .slice(0, 12)
          .map(([type, count]) => `${type} ${count}`)
          .join(', ')}.`,
      ];

const tag = (one: unknown, name: string): string | undefined => {
  const found = [...listOf(one, 'Tags'), ...listOf(one, 'tags')].find(
    (each) => (textOf(each, 'Key') ?? textOf(each, 'key')) === name,
  );
  return textOf(found, 'Value') ?? textOf(found, 'value') ?? textOf(member(one, 'tags'), name);
};

/** Describe-instances writes InstanceId, Config instanceId. */
const either = (one: unknown, name: string): string | undefined =>
  textOf(one, name) ?? textOf(one, `${name.slice(0, 1).toLowerCase()}${name.slice(1)}`);

function instanceRow(
  one: unknown,
  line: number,
  account: string | undefined,
): AssetRow | RefusedRow | undefined {
  const id = either(one, 'InstanceId');
  if (id === undefined || !/^i-[0-9a-f]{8,17}$/.test(id))
    return { line, name: (id ?? '').slice(0, 80), why: ['It has no instance id like i-0123456789abcdef0.'] };
  const state = either(member(one, 'State') ?? member(one, 'state'), 'Name');
  if (state === 'terminated') return undefined;
  const name = tag(one, 'Name') ?? id;
  const nics = [...listOf(one, 'NetworkInterfaces'), ...listOf(one, 'networkInterfaces')];
  const publicAddress = either(one, 'PublicIpAddress');
  const placement = member(one, 'Placement') ?? member(one, 'placement');
  return {
    line,
    name: name.slice(0, 200),
    kind: 'host',
    keys: keysOf({
      kind: 'host',
      cloudInstance: id,
      // The name by which it knows itself unless somebody gave it another.
      hostname: either(one, 'PrivateDnsName'),
      macs: nics.flatMap((nic) => either(nic, 'MacAddress') ?? []),
    }),
    fields: fieldsOf({
      name: name.slice(0, 200),
      hostname: either(one, 'PrivateDnsName'),
      os: either(one, 'PlatformDetails') ?? either(one, 'Platform'),
      architecture: either(one, 'Architecture'),
      vendor: 'AWS',
      instanceType: either(one, 'InstanceType'),
      location: either(placement, 'AvailabilityZone'),
      account: account ?? nics.flatMap((nic) => either(nic, 'OwnerId') ?? [])[0],
      addresses: [either(one, 'PrivateIpAddress'), publicAddress]
        .filter((address) => address !== undefined)
        .sort()
        .join(', '),
      // Only the presence of a public address says something; whether a group lets it through is not in the file.
      exposure: publicAddress === undefined ? undefined : 'internet',
      owner: tag(one, 'Owner') ?? tag(one, 'owner'),
      power: state,
    }),
  };
}

const kinds: Readonly<Record<string, AssetKind>> = {
  'AWS::RDS::DBInstance': 'data-store',
  'AWS::RDS::DBCluster': 'data-store',
  'AWS::S3::Bucket': 'data-store',
  'AWS::DynamoDB::Table': 'data-store',
  'AWS::EFS::FileSystem': 'data-store',
  'AWS::EC2::VPC': 'network',
  'AWS::EC2::Subnet': 'network',
  'AWS::Lambda::Function': 'application',
  'AWS::ECS::Service': 'application',
  'AWS::EKS::Cluster': 'application',
  'AWS::IAM::User': 'account',
  'AWS::IAM::Role': 'account',
};

function itemRow(item: unknown, line: number, left: Map<string, number>): AssetRow | RefusedRow | undefined {
  const type = textOf(item, 'resourceType') ?? '';
  const id = textOf(item, 'resourceId');
  if (/Deleted/.test(textOf(item, 'configurationItemStatus') ?? '')) return undefined;
  if (type === 'AWS::EC2::Instance') {
    const configuration = member(item, 'configuration');
    return instanceRow(
      typeof configuration === 'string' ? parseJson(configuration) : configuration,
      line,
      textOf(item, 'awsAccountId'),
    );
  }
  const kind = Object.hasOwn(kinds, type) ? kinds[type] : undefined;
  if (kind === undefined) {
    if (left.size < 1000) left.set(type.slice(0, 80), (left.get(type.slice(0, 80)) ?? 0) + 1);
    return undefined;
  }
  const arn = textOf(item, 'ARN') ?? textOf(item, 'arn') ?? id;
  if (arn === undefined)
    return { line, name: '', why: [`This ${type} has neither an ARN nor a resource id.`] };
  const name = (tag(item, 'Name') ?? textOf(item, 'resourceName') ?? id ?? arn).slice(0, 200);
  return {
    line,
    name,
    kind,
    keys: keysOf({ kind, cloudInstance: arn }),
    fields: fieldsOf({
      name,
      vendor: 'AWS',
      model: type,
      location: textOf(item, 'awsRegion'),
      account: textOf(item, 'awsAccountId'),
      owner: tag(item, 'Owner'),
    }),
  };
}
