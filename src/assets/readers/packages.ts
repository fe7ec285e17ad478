import { fieldsOf } from '../fields.ts';
import { keysOf } from '../keys.ts';
import { decodeText, encodingRemark } from './decode.ts';
import {
  type AssetRow,
  caps,
  type FileRead,
  type Package,
  packageOf,
  type Reader,
  type ReadOptions,
  type RefusedRow,
  Unreadable,
} from './record.ts';

type Listed = { packages: Package[]; refused: RefusedRow[]; remarks: string[] };

/** /var/lib/dpkg/status, or what `dpkg -l` or `dpkg-query -W` print. The host has to be named: the file does not. */
export const readDpkg: Reader = (bytes, options) => {
  const { text, westernLines } = decodeText(bytes);
  const listed = /^(Package|Status):/m.test(text.slice(0, 20_000)) ? dpkgStatus(text) : dpkgList(text);
  return ofHost(options, withPurls(listed, 'deb'), encodingRemark(westernLines));
};

/** `rpm -qa`, also with a query format of our documentation. */
export const readRpm: Reader = (bytes, options) => {
  const { text, westernLines } = decodeText(bytes);
  return ofHost(options, withPurls(rpmList(text), 'rpm'), encodingRemark(westernLines));
};

function ofHost({ host }: ReadOptions, listed: Listed, remarks: readonly string[]): FileRead {
  if (host === undefined || host === '')
    throw new Unreadable('A list of packages does not say of which host it is: name the host.');
  if (listed.packages.length === 0 && listed.refused.length === 0)
    throw new Unreadable('There is no package in it.');
  const keys = keysOf({ kind: 'host', hostname: host });
  if (keys.length === 0) throw new Unreadable(`"${host.slice(0, 60)}" is no host's name.`);
  const row: AssetRow = {
    line: 1,
    name: host,
    kind: 'host',
    keys,
    fields: fieldsOf({ name: host, hostname: host }),
    software: listed.packages,
  };
  return { rows: [row], refused: listed.refused, remarks: [...listed.remarks, ...remarks] };
}

/** Paragraphs of `Field: value`; what is removed and only configured is not installed. */
function dpkgStatus(text: string): Listed {
  const packages: Package[] = [];
  const refused: RefusedRow[] = [];
  let fields = new Map<string, string>();
  let start = 1;
  const end = (): void => {
    if (fields.size === 0) return;
    const name = fields.get('Package') ?? '';
    const version = fields.get('Version') ?? '';
    const status = (fields.get('Status') ?? 'install ok installed').split(' ').at(-1);
    // Also what is half configured or waits for triggers is on the disk.
    const installed = status !== 'not-installed' && status !== 'config-files';
    const [source, sourceVersion] = sourceOf(fields.get('Source') ?? name, version);
    const one = packageOf('deb', {
      name,
      version,
      architecture: fields.get('Architecture'),
      origin: `${source} ${sourceVersion}`,
    });
    if (one === undefined || !/^[a-z0-9][a-z0-9+.-]*$/i.test(name))
      refused.push({ line: start, name, why: ['This paragraph names no package.'] });
    else if (installed && version === '')
      refused.push({
        line: start,
        name,
        why: ['It is installed, but its version is missing: was the file cut off?'],
      });
    else if (installed) packages.push(one);
    fields = new Map();
  };
  let line = 0;
  for (const content of text.split('\n')) {
    line++;
    if (content.trim() === '') {
      end();
      start = line + 1;
      if (packages.length > caps.packagesOfOne) throw tooMany();
    } else if (!/^\s/.test(content)) {
      const colon = content.indexOf(':');
      if (colon > 0 && fields.size < 60)
        fields.set(
          content.slice(0, colon),
          content
            .slice(colon + 1)
            .trim()
            .slice(0, 500),
        );
    }
  }
  end();
  return { packages, refused, remarks: [] };
}

/** `glibc (2.36-9)`: a source that has another version than what was built from it. */
function sourceOf(text: string, version: string): [string, string] {
  const found = /^(\S+)(?:\s+\(([^)\s]+)\))?/.exec(text);
  return [found?.[1] ?? text, found?.[2] ?? version];
}

/** `dpkg -l` (state, name, version, architecture), or `name version [architecture]`, tabs or spaces. */
function dpkgList(text: string): Listed {
  const packages: Package[] = [];
  const refused: RefusedRow[] = [];
  let left = 0;
  for (const [at, content] of text.split('\n').entries()) {
    const line = at + 1;
    const cells = content.trim().split(/\s+/);
    if (content.trim() === '' || /^(Desired=|\||[+|]*\/|\+\+\+-|Listing)/.test(content)) continue;
    const state =
      /^[uihrp][ncHUFWti][R ]?$/i.exec(cells[0] ?? '') && cells.length >= 3 ? (cells.shift() ?? '') : 'ii';
    if (/^[a-z][nc]/i.test(state) && !/^.[iUFHWt]/.test(state)) {
      left++;
      continue;
    }
    const [full = '', version = '', architecture = ''] = cells;
    const [name = '', qualified = ''] = full.split(':');
    const one = packageOf('deb', {
      name,
      version,
      architecture: /^[a-z0-9-]{2,20}$/.test(architecture) ? architecture : qualified,
    });
    if (
      one === undefined ||
      !/^[a-z0-9][a-z0-9+.-]*$/.test(name) ||
      !/^[0-9a-z][0-9A-Za-z.+:~-]*$/i.test(version)
    )
      refused.push({ line, name: full.slice(0, 100), why: ['It is no line "name version".'] });
    else packages.push(one);
    if (packages.length > caps.packagesOfOne) throw tooMany();
  }
  return {
    packages,
    refused,
    remarks:
      left === 0 ? [] : [`${left} packages are removed and only their settings are left: not counted.`],
  };
}

/** `name-version-release.architecture`, or `name epoch version release architecture source` in columns. */
function rpmList(text: string): Listed {
  const packages: Package[] = [];
  const refused: RefusedRow[] = [];
  for (const [at, content] of text.split('\n').entries()) {
    const plain = content.trim();
    if (plain === '') continue;
    const one = rpmColumns(plain) ?? rpmName(plain);
    if (one === undefined)
      refused.push({
        line: at + 1,
        name: plain.slice(0, 100),
        why: ['It is no name-version-release.architecture.'],
      });
    // Keys that signatures are checked with: listed, and no software.
    else if (one.name !== 'gpg-pubkey') packages.push(one);
    if (packages.length > caps.packagesOfOne) throw tooMany();
  }
  return { packages, refused, remarks: [] };
}

function rpmColumns(text: string): Package | undefined {
  const cells = text.split(/[\s|]+/);
  if (cells.length < 5) return undefined;
  const [name, epoch = '', version = '', release = '', architecture, source = ''] = cells;
  if (!/^(\d+|\(none\)|0)$/.test(epoch)) return undefined;
  const from = rpmName(source.replace(/\.src\.rpm$/, '.src'));
  const prefix = /^[1-9]/.test(epoch) ? `${epoch}:` : '';
  return packageOf('rpm', {
    name,
    version: `${prefix}${version}-${release}`,
    architecture,
    origin: from === undefined ? '' : `${from.name} ${from.version}`,
  });
}

export function rpmName(text: string): Package | undefined {
  const found = /^(.+)-((?:\d+:)?[^-\s]+)-([^-\s]+)\.([a-z0-9_]+)$/i.exec(text.slice(0, 400));
  if (!found) return undefined;
  return packageOf('rpm', { name: found[1], version: `${found[2]}-${found[3]}`, architecture: found[4] });
}

/** Which distribution built them, where their versions say so; nothing is assumed. */
function withPurls(listed: Listed, type: 'deb' | 'rpm'): Listed {
  const namespace = type === 'deb' ? debianKind(listed.packages) : rpmKind(listed.packages);
  if (namespace === undefined)
    return {
      ...listed,
      remarks: [
        ...listed.remarks,
        'The versions do not tell the distribution, so the packages have no purl.',
      ],
    };
  return {
    ...listed,
    packages: listed.packages.map((one) => ({ ...one, purl: osPurl(type, namespace, one) })),
  };
}

const debianKind = (packages: readonly Package[]): string | undefined =>
  packages.some(({ version }) => /ubuntu/.test(version))
    ? 'ubuntu'
    : packages.some(({ version }) => /[+~]deb\d+u\d/.test(version))
      ? 'debian'
      : undefined;
const rpmKinds: readonly (readonly [RegExp, string])[] = [
  [/\.fc\d+/, 'fedora'],
  [/\.amzn\d/, 'amzn'],
  [/\.cm\d|\.azl\d/, 'azurelinux'],
  [/\.el\d.*\.centos|\.centos/, 'centos'],
];
const rpmKind = (packages: readonly Package[]): string | undefined =>
  rpmKinds.find(([pattern]) => packages.some(({ version }) => pattern.test(version)))?.[1];

/** @see package-url specification, types deb and rpm */
export function osPurl(type: 'deb' | 'rpm', namespace: string, one: Package, distro?: string): string {
  const epoch = /^(\d+):/.exec(one.version)?.[1];
  const version = type === 'rpm' ? one.version.replace(/^\d+:/, '') : one.version;
  const qualifiers = [
    ...(one.architecture === '' ? [] : [`arch=${encodeURIComponent(one.architecture)}`]),
    ...(distro === undefined ? [] : [`distro=${encodeURIComponent(distro)}`]),
    ...(type === 'rpm' && epoch !== undefined ? [`epoch=${epoch}`] : []),
  ];
  const name = encodeURIComponent(one.name).replaceAll('%2B', '+');
  const at = encodeURIComponent(version).replaceAll('%3A', ':').replaceAll('%2B', '+');
  return `pkg:${type}/${namespace}/${name}@${at}${qualifiers.length > 0 ? `?${qualifiers.join('&')}` : ''}`;
}

const tooMany = (): Unreadable => new Unreadable(`It lists more than ${caps.packagesOfOne} packages.`);
