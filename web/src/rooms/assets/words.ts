import type {
  AssetKind,
  AssetState,
  AssetValue,
  Degree,
  Exposure,
  GateKind,
  ImportFormat,
  ReachVia,
} from '#contract/assets';
import { count } from '../../parts/words.ts';

export const kindWord: Readonly<Record<AssetKind, string>> = {
  information: 'Information',
  service: 'Service',
  application: 'Application',
  'data-store': 'Data store',
  host: 'Host',
  hypervisor: 'Hypervisor',
  network: 'Network',
  account: 'Account',
  site: 'Site',
  supplier: 'Supplier',
};
// The keys of these constants are their own.
export const assetKinds = Object.keys(kindWord) as AssetKind[];

export const stateWord: Readonly<Record<AssetState, string>> = {
  active: 'Active',
  stale: 'Stale',
  retired: 'Retired',
};
export const assetStates = Object.keys(stateWord) as AssetState[];
export const exposureWord: Readonly<Record<Exposure, string>> = {
  internet: 'Internet',
  'tenant-network': 'Tenant network',
  'management-zone': 'Management zone',
  offline: 'Offline',
};
export const exposures = Object.keys(exposureWord) as Exposure[];
export const valueBands = [
  'negligible',
  'low',
  'moderate',
  'high',
  'extreme',
] as const satisfies AssetValue[];
export const classifications = [
  'UNOFFICIAL',
  'OFFICIAL',
  'OFFICIAL: Sensitive',
  'PROTECTED',
  'SECRET',
  'TOP SECRET',
] as const;
export const degrees: readonly Degree[] = [0, 0.01, 0.1, 0.5, 0.9, 1];
export const formatWord: Readonly<Record<ImportFormat, string>> = {
  csv: 'Spreadsheet (CSV)',
  osquery: 'osquery',
  dpkg: 'Debian packages (dpkg)',
  rpm: 'RPM packages',
  cyclonedx: 'SBOM (CycloneDX)',
  vmware: 'VMware (RVTools, govc)',
  aws: 'AWS (EC2, Config)',
  azure: 'Azure Resource Graph',
  ironbark: 'Export of Ironbark',
};
export const importFormats = Object.keys(formatWord) as ImportFormat[];

const fieldWords: Readonly<Record<string, string>> = {
  os: 'Operating system',
  osVersion: 'Version',
  hostname: 'Host name',
  instanceType: 'Instance type',
};
/** `instanceType` as a person reads it. */
export const fieldWord = (name: string): string =>
  fieldWords[name] ??
  name.slice(0, 1).toUpperCase() + name.slice(1).replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

export const keyWord: Readonly<Record<string, string>> = {
  'machine-id': 'Machine id',
  'cloud-instance': 'Cloud instance',
  vm: 'VM id',
  serial: 'Serial',
  sid: 'SID',
  purl: 'Package URL',
  register: 'Register',
  fqdn: 'Host name with domain',
  mac: 'MAC address',
  hostname: 'Host name',
  name: 'Name',
};

export const valueWord = (value: AssetValue | null): string =>
  value === null
    ? 'not said'
    : typeof value === 'string'
      ? value.slice(0, 1).toUpperCase() + value.slice(1)
      : `AUD ${count(value.low)} to ${count(value.high)}`;

export const gateWord: Readonly<Record<GateKind, string>> = {
  any: 'one of them is lost',
  all: 'all of them are lost',
  'k-of-n': 'fewer than so many are left',
};
export const gateText = ({
  name,
  kind,
  k,
}: {
  readonly name: string;
  readonly kind: GateKind;
  readonly k: number | null;
}): string => `${name}: ${kind === 'k-of-n' ? `${k} needed` : kind}`;
export const viaWord: Readonly<Record<ReachVia, string>> = {
  network: 'Network',
  identity: 'Identity',
  admin: 'Administration',
};
