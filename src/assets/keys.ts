import type { AssetKind } from './contract.ts';

/**
 * What an asset is known by. Of an exclusive kind an asset has one value at most, so that two values are two assets;
 * of the others it may have several, and two assets may share one.
 */
export const keyKinds = [
  'machine-id',
  'cloud-instance',
  'vm',
  'serial',
  'sid',
  'purl',
  'register',
  'fqdn',
  'mac',
  'hostname',
  'name',
] as const;
export type KeyKind = (typeof keyKinds)[number];
export type Key = { readonly kind: KeyKind; readonly value: string };

/** Enough alone to say that it is the same asset. */
export const strongKinds: ReadonlySet<KeyKind> = new Set<KeyKind>([
  'machine-id',
  'cloud-instance',
  'vm',
  'serial',
  'sid',
  'purl',
]);
/** Two different values say that it is not the same. */
export const exclusiveKinds: ReadonlySet<KeyKind> = new Set<KeyKind>([...strongKinds, 'fqdn']);

export const keyText = ({ kind, value }: Key): string => `${kind} ${value}`;

/** For reading: `machine-id 4c4c4544-…`. */
export const keyWords = (keys: Iterable<Key>): string => [...keys].map(keyText).join(', ');

const isMachine = (kind: AssetKind): boolean => kind === 'host' || kind === 'hypervisor';

export type Named = {
  readonly kind: AssetKind;
  readonly name?: string | undefined;
  /** Short or with its domain. */
  readonly hostname?: string | undefined;
  readonly domain?: string | undefined;
  readonly machineId?: string | undefined;
  readonly serial?: string | undefined;
  readonly macs?: readonly string[] | undefined;
  readonly cloudInstance?: string | undefined;
  readonly vm?: string | undefined;
  readonly sid?: string | undefined;
  readonly purl?: string | undefined;
  /** The id in a register of one's own, with the register's name. */
  readonly register?: string | undefined;
};

/** Canonical, without what makers leave in by default; sorted, each once. */
export function keysOf(named: Named): Key[] {
  const keys = new Map<string, Key>();
  const add = (kind: KeyKind, value: string | undefined): void => {
    if (value === undefined || value === '' || value.length > 500) return;
    const key = { kind, value };
    keys.set(keyText(key), key);
  };
  const machine = isMachine(named.kind);
  add('cloud-instance', named.cloudInstance?.trim().toLowerCase());
  add('sid', sid(named.sid));
  add('purl', purlBase(named.purl));
  add('register', named.register?.trim().toLowerCase());
  const ownSerial = serial(named.serial);
  if (!machine) {
    // What a machine is known by is never a key of what runs on it. People know everything else by its name.
    add('serial', ownSerial === undefined ? undefined : `${named.kind}:${ownSerial}`);
    const name = named.name?.trim().toLowerCase().replaceAll(/\s+/g, ' ') ?? '';
    if (name !== '') add('name', `${named.kind}:${name}`);
  } else {
    add('machine-id', machineId(named.machineId));
    add('serial', ownSerial);
    add('vm', machineId(named.vm));
    for (const one of named.macs ?? []) add('mac', mac(one));
    const host = hostNames(named.hostname, named.domain);
    add('hostname', host?.hostname);
    add('fqdn', host?.fqdn);
  }
  return [...keys.values()].sort((a, b) => (keyText(a) < keyText(b) ? -1 : 1));
}

/** Left in by makers of boards and hypervisors; shared by thousands of machines. */
const junkIds = new Set([
  '00000000-0000-0000-0000-000000000000',
  'ffffffff-ffff-ffff-ffff-ffffffffffff',
  '03000200-0400-0500-0006-000700080009',
  '00020003-0004-0005-0006-000700080009',
  '12345678-1234-5678-90ab-cddeefaabbcc',
  'fefefefe-fefe-fefe-fefe-fefefefefefe',
]);

/**
 * A UUID. Firmware and hypervisors disagree about the byte order of its first three parts (SMBIOS 2.6, 7.2.1), so of the
 * two ways to write it the smaller one stands for both.
 */
export function machineId(text: string | undefined): string | undefined {
  const hex = (text ?? '').toLowerCase().replaceAll(/[^0-9a-f]/g, '');
  if (hex.length !== 32 || (text ?? '').length > 60) return undefined;
  const part = (from: number, to: number): string => hex.slice(from, to);
  const swapped = (from: number, to: number): string =>
    (part(from, to).match(/../g) ?? []).reverse().join('');
  const rest = `${part(16, 20)}-${part(20, 32)}`;
  const plain = `${part(0, 8)}-${part(8, 12)}-${part(12, 16)}-${rest}`;
  const other = `${swapped(0, 8)}-${swapped(8, 12)}-${swapped(12, 16)}-${rest}`;
  if (junkIds.has(plain) || junkIds.has(other)) return undefined;
  return plain < other ? plain : other;
}

const junkSerial =
  /^(0+|1+|x+|f+|none|null|n\/?a|na|unknown|not (specified|available|applicable)|default string|system serial number|to be filled by o\.?e\.?m\.?|chassis serial number|empty|invalid|oem|o\.?e\.?m\.?|0?123456789(0|a.*)?|\.+|-+)$/i;

export function serial(text: string | undefined): string | undefined {
  const plain = (text ?? '').trim().toLowerCase().replaceAll(/\s+/g, ' ');
  if (plain.length < 4 || plain.length > 100 || junkSerial.test(plain)) return undefined;
  return plain;
}

/** A burnt-in address: none that was given out locally, as containers, bridges and some clouds do. */
export function mac(text: string): string | undefined {
  const hex = text.toLowerCase().replaceAll(/[^0-9a-f]/g, '');
  if (hex.length !== 12 || text.length > 20 || /^(0+|f+)$/.test(hex)) return undefined;
  const first = Number.parseInt(hex.slice(0, 2), 16);
  if ((first & 0b11) !== 0) return undefined;
  return (hex.match(/../g) ?? []).join(':');
}

/** Of a person, a group or a machine: not those that every Windows has. */
export function sid(text: string | undefined): string | undefined {
  const plain = (text ?? '').trim().toUpperCase();
  return /^S-1-5-21(-\d{1,10}){3,4}$/.test(plain) || /^S-1-12-1(-\d{1,10}){4}$/.test(plain)
    ? plain
    : undefined;
}

/** Without version and qualifiers: versions come and go, the asset stays. */
export function purlBase(text: string | undefined): string | undefined {
  const plain = (text ?? '').trim();
  if (!/^pkg:[a-z0-9.+-]{1,40}\/./i.test(plain) || plain.length > 500) return undefined;
  const bare = (plain.split(/[?#]/, 1)[0] ?? '').replace(/@[^/@]*$/, '');
  return bare.toLowerCase();
}

const noNames = new Set([
  'localhost',
  'localhost6',
  '(none)',
  'none',
  'unknown',
  'null',
  '-',
  'template',
  'n/a',
]);

/** `WEB1`, `web1.acme.example`, or both with the domain apart. Undefined for what is no host's name. */
export function hostNames(
  name: string | undefined,
  domain?: string,
): { hostname: string; fqdn: string | undefined } | undefined {
  const plain = (name ?? '').trim().toLowerCase().replace(/\.$/, '');
  // Underscores are not allowed in host names and common in them.
  if (plain.length > 253 || !/^[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?$/.test(plain)) return undefined;
  if (/^[\d.]+$/.test(plain)) return undefined;
  const [hostname = '', ...parts] = plain.split('.');
  if (noNames.has(hostname) || hostname === '') return undefined;
  const own = parts.join('.');
  const told = (domain ?? '')
    .trim()
    .toLowerCase()
    .replace(/^\.|\.$/g, '');
  const whole =
    own !== '' ? own : /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/.test(told) && told.includes('.') ? told : '';
  return {
    hostname,
    fqdn: whole === '' || whole === 'localdomain' ? undefined : `${hostname}.${whole}`,
  };
}
