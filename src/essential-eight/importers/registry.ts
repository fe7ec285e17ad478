import type { Fact, Importer, ImportStep } from '#governance/evidence';
import { hostInName, refused, taken } from './shapes.ts';

type Value = string | number;
type Hive = { readonly roots: Set<string>; readonly settings: Map<string, Value> };

/** What is kept of a registry: what a control is judged by is under one of these. */
const kept =
  /^(hklm|hkcu)\\(software\\policies\\|software\\microsoft\\(office\\|powershell\\|windows defender\\)|system\\(currentcontrolset|controlset001)\\control\\(lsa|ci|deviceguard)(\\|$))/;
const profileList = 'hklm\\software\\microsoft\\windows nt\\currentversion\\profilelist\\';
/** A person's, of a domain, the machine or Entra. Not the service accounts' (S-1-5-18 to 20). */
const personSid = /^s-1-(5-21|12-1)-[\d-]+$/;

/**
 * The registry as regedit and `reg export` write it, of one host. The host is in the file's name, or in
 * ComputerName\ActiveComputerName where that is exported as well.
 */
const registryFile: Importer = {
  kind: 'windows.settings',
  name: 'Registry export (.reg)',
  onBadRow: 'skip-row',
  accepts: ({ text }) => /^\s*(Windows Registry Editor Version 5\.00|REGEDIT4)/.test(text),
  async *read(file) {
    const hives = new Map<string, Hive>();
    const profiles = new Set<string>();
    let host = hostInName(file.name);
    let profilesThere = false;
    let key: string | undefined;
    let pending = '';
    let row = 0;
    for await (const line of file.lines()) {
      row = line.line;
      const text = pending + line.text.trimEnd().trimStart();
      // Long binary values go on after a backslash.
      if (text.endsWith('\\') && /=hex/.test(text) && text.length < 1_000_000) {
        pending = text.slice(0, -1);
        continue;
      }
      pending = '';
      const section = /^\[(-?)(.+)\]$/.exec(text);
      if (section) {
        key = section[1] === '-' ? undefined : section[2];
        const place = key === undefined ? undefined : placeOf(key);
        if (place === undefined) continue;
        if (place.path.startsWith(profileList)) {
          profilesThere = true;
          const sid = place.path.slice(profileList.length);
          if (personSid.test(sid)) profiles.add(sid);
        }
        hiveOf(hives, place.hive).roots.add(place.path);
        continue;
      }
      const value = /^(?:"((?:[^"\\]|\\.)*)"|@)=(.*)$/.exec(text);
      if (value === null || key === undefined) {
        if (
          text !== '' &&
          !text.startsWith(';') &&
          key === undefined &&
          !/^(Windows Registry|REGEDIT4)/.test(text)
        )
          yield refused(row, 'It is no line of a registry export.');
        continue;
      }
      const place = placeOf(key);
      const read = readValue(value[2] ?? '');
      if (place === undefined || read === undefined) continue;
      const name = (value[1] ?? '').replaceAll(/\\(.)/g, '$1').toLowerCase();
      if (place.path.endsWith('\\computername\\activecomputername') && name === 'computername')
        host = String(read);
      const path = `${place.path}\\${name}`.replace('\\controlset001\\', '\\currentcontrolset\\');
      if (kept.test(path)) hiveOf(hives, place.hive).settings.set(path, read);
    }
    yield* facts(host, hives, profiles, profilesThere, row);
    return { source: `registry of ${host}` };
  },
};

function hiveOf(hives: Map<string, Hive>, name: string): Hive {
  const found = hives.get(name) ?? { roots: new Set<string>(), settings: new Map<string, Value>() };
  hives.set(name, found);
  return found;
}

/** The hive a key is in, and its path from there, in one way of writing. */
function placeOf(key: string): { hive: string; path: string } | undefined {
  const [root = '', ...rest] = key.toLowerCase().split('\\');
  if (root === 'hkey_local_machine') return { hive: '', path: ['hklm', ...rest].join('\\') };
  if (root === 'hkey_current_user')
    return { hive: 'whoever exported it', path: ['hkcu', ...rest].join('\\') };
  if (root !== 'hkey_users') return undefined;
  const [sid = '', ...path] = rest;
  return personSid.test(sid) ? { hive: sid, path: ['hkcu', ...path].join('\\') } : undefined;
}

/** A number, a text, or a text in UTF-16 as hex(2); other kinds hold no setting. */
function readValue(text: string): Value | undefined {
  const number = /^dword:([0-9a-f]{1,8})$/i.exec(text)?.[1];
  if (number !== undefined) return Number.parseInt(number, 16);
  const quoted = /^"((?:[^"\\]|\\.)*)"$/.exec(text)?.[1];
  if (quoted !== undefined) return quoted.replaceAll(/\\(.)/g, '$1').slice(0, 2000);
  const bytes = /^hex\(2\):([0-9a-f,\s]*)$/i.exec(text)?.[1];
  return bytes === undefined
    ? undefined
    : Buffer.from(bytes.replaceAll(/[^0-9a-f]/gi, ''), 'hex')
        .toString('utf16le')
        .replaceAll('\0', '')
        .slice(0, 2000);
}

/** Facts are small: a hive's settings are told in parts that are read as one. */
const inOne = 60;

function* facts(
  host: string,
  hives: ReadonlyMap<string, Hive>,
  profiles: ReadonlySet<string>,
  profilesThere: boolean,
  row: number,
): Generator<ImportStep> {
  let at = row;
  for (const [who, { roots, settings }] of hives) {
    const covers = topmost(roots);
    const all = [...settings];
    for (let from = 0; from === 0 || from < all.length; from += inOne)
      yield taken(++at, {
        subject: host,
        values: {
          from: 'registry',
          hive: who === '' ? 'machine' : 'user',
          ...(who !== '' && { user: who, loaded: true }),
          ...(who === '' && { profiles: profilesThere }),
          covers: [...covers],
          settings: Object.fromEntries(all.slice(from, from + inOne)),
        },
      });
  }
  // Somebody has a profile here, and the hive wasn't loaded when it was exported.
  for (const sid of profiles)
    if (!hives.has(sid))
      yield taken(++at, {
        subject: host,
        values: { from: 'registry', hive: 'user', user: sid, loaded: false, covers: [], settings: {} },
      });
}

/** The keys none of whose parents were exported: everything below them was. At most 50. */
function topmost(roots: ReadonlySet<string>): readonly string[] {
  return [...roots]
    .filter((root) => {
      for (let cut = root.lastIndexOf('\\'); cut > 0; cut = root.lastIndexOf('\\', cut - 1))
        if (roots.has(root.slice(0, cut))) return false;
      return true;
    })
    .slice(0, 50);
}

/**
 * A group policy's registry.pol as LGPO.exe /parse writes it: blocks of four lines. What a policy sets, and not whom it
 * reaches: that isn't in the file.
 */
const policyText: Importer = {
  kind: 'windows.settings',
  name: 'Group policy (LGPO text)',
  onBadRow: 'skip-row',
  accepts: ({ text }) => /^(;[^\n]*\n|\s)*(Computer|User)\r?\n[^\n]*\\/i.test(text),
  async *read(file) {
    const settings = new Map<string, Value>();
    let block: string[] = [];
    let row = 0;
    const end = (): string | undefined => {
      const [scope = '', key = '', name = '', value = ''] = block;
      const complete = block.length === 4;
      block = [];
      const read =
        /^DWORD:(\d+)$/i.exec(value)?.[1] ?? /^SZ:(.*)$/i.exec(value)?.[1] ?? /^EXSZ:(.*)$/i.exec(value)?.[1];
      if (!complete || read === undefined) return 'It is no block of four lines with a value.';
      const path = `${/^computer$/i.test(scope) ? 'hklm' : 'hkcu'}\\${key}\\${name}`.toLowerCase();
      if (settings.size < 5000)
        settings.set(path, /^DWORD/i.test(value) ? Number(read) : read.slice(0, 2000));
      return undefined;
    };
    for await (const line of file.lines()) {
      row = line.line;
      const text = line.text.trim();
      if (text.startsWith(';')) continue;
      if (text !== '') block.push(text);
      if (text === '' && block.length > 0) {
        const why = end();
        if (why !== undefined) yield refused(row, why);
      }
    }
    if (block.length > 0) {
      const why = end();
      if (why !== undefined) yield refused(row, why);
    }
    yield* policyFacts(row, hostInName(file.name), 'unstated', false, settings);
    return { source: `group policy ${hostInName(file.name)}` };
  },
};

export function* policyFacts(
  row: number,
  name: string,
  assigned: 'all' | 'some' | 'none' | 'unstated',
  excludes: boolean,
  settings: ReadonlyMap<string, Value>,
): Generator<ImportStep> {
  const all = [...settings];
  for (let from = 0; from === 0 || from < all.length; from += inOne) {
    const fact: Fact = {
      subject: name,
      values: {
        from: 'policy',
        assigned,
        excludes,
        covers: [],
        settings: Object.fromEntries(all.slice(from, from + inOne)),
      },
    };
    yield taken(row + 1 + from / inOne, fact);
  }
}

export const registryImporters: readonly Importer[] = [registryFile, policyText];
