import type { Fact, Importer } from '#governance/evidence';
import { holds, refused, said, string, taken, time } from './shapes.ts';

/**
 * SOURCE: well-known SIDs of groups that hold privileges (MS-DTYP 2.4.2.4): in a domain Domain Admins 512, Schema Admins
 * 518, Enterprise Admins 519, Group Policy Creator Owners 520, Key Admins 526 and 527; built in Administrators 544 and
 * Account, Server, Print and Backup Operators 548 to 551.
 */
const privilegedSid = /^s-1-5-21-[\d-]+-(512|518|519|520|526|527)$|^s-1-5-32-(544|548|549|550|551)$/i;
/** The same by name, where an export has names only. Another language's names are not known: SIDs are. */
const privilegedName =
  /^(domain admins|schema admins|enterprise admins|group policy creator owners|key admins|enterprise key admins|administrators|account operators|server operators|print operators|backup operators)$/i;
/** lastLogonTimestamp is written again only when it is 9 to 14 days old. SOURCE: ms-DS-Logon-Time-Sync-Interval */
const lagDays = 14;
const accountDisabled = 2;

type Attributes = ReadonlyMap<string, readonly string[]>;

function account(attributes: Attributes): Fact | string {
  const all = (name: string): readonly string[] => attributes.get(name.toLowerCase()) ?? [];
  const one = (name: string): string | undefined => string(all(name)[0]);
  const subject = one('sAMAccountName') ?? one('userPrincipalName');
  if (subject === undefined) return 'It has no sAMAccountName.';
  const control = Number(one('userAccountControl') ?? Number.NaN);
  const groups = [...all('memberOf'), ...all('tokenGroups'), ...all('memberOfSid')];
  const primary = one('primaryGroupID');
  const privilegedGroups = groups.filter((group) => isPrivileged(group));
  const known = groups.length > 0 || one('adminCount') !== undefined || primary !== undefined;
  const last = one('lastLogonTimestamp');
  const exact = one('lastLogon');
  const active = fileTime(last);
  return {
    subject,
    values: said({
      sid: readSid(one('objectSid')),
      enabled: Number.isNaN(control) ? enabledWord(one('Enabled')) : (control & accountDisabled) === 0,
      // adminCount stays after somebody left a group, so it makes nobody privileged; 512 as primary group does.
      privileged: known ? privilegedGroups.length > 0 || primary === '512' : undefined,
      groups: privilegedGroups.slice(0, 50),
      // Members of a group are so all the time.
      standing: known ? privilegedGroups.length > 0 : undefined,
      lastActive: (active ?? fileTime(exact))?.toISOString(),
      lastActiveLagDays: active === undefined ? undefined : lagDays,
      created: (time(one('whenCreated')) ?? generalised(one('whenCreated')))?.toISOString(),
      mail: one('mail'),
      person: one('employeeID') ?? one('employeeNumber'),
      signInName: one('userPrincipalName'),
      kind: one('servicePrincipalName') === undefined ? undefined : 'service',
    }),
  };
}

function isPrivileged(group: string): boolean {
  // memberOf has distinguished names: CN=Domain Admins,CN=Users,DC=…
  const name = /^CN=((?:[^,\\]|\\.)+),/i.exec(group)?.[1] ?? group;
  return privilegedSid.test(name.trim()) || privilegedName.test(name.trim());
}
const enabledWord = (word: string | undefined): boolean | undefined =>
  word === undefined ? undefined : /^true$/i.test(word);

/** 100 ns since 1601, or a date as Get-ADUser shows LastLogonDate; never is 0. */
function fileTime(text: string | undefined): Date | undefined {
  if (text === undefined || /^0$|^9223372036854775807$/.test(text)) return undefined;
  return /^\d{17,19}$/.test(text) ? time(Number(BigInt(text) / 10_000n) - 11_644_473_600_000) : time(text);
}
/** 20260331093000.0Z */
function generalised(text: string | undefined): Date | undefined {
  const found = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:\.\d+)?Z$/.exec(text ?? '');
  if (found === null) return undefined;
  const [, year, month, day, hour, minute, second] = found;
  return time(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
}

/** As text, or the bytes LDIF has in base64. */
function readSid(text: string | undefined): string | undefined {
  if (text === undefined || /^s-1-/i.test(text)) return text;
  const bytes = Buffer.from(text, 'base64');
  const count = bytes[1] ?? 0;
  if (bytes[0] !== 1 || bytes.length !== 8 + 4 * count) return undefined;
  const parts = Array.from({ length: count }, (_, at) => bytes.readUInt32LE(8 + 4 * at));
  return `S-1-${bytes.readUIntBE(2, 6)}-${parts.join('-')}`;
}

const source = { source: 'Active Directory' };
/** Attributes whose bytes stay base64, because they are no text. */
const binary = new Set(['objectsid', 'tokengroups']);
const mostValues = 10_000;

/** @see RFC 2849 */
const ldif: Importer = {
  kind: 'directory.accounts',
  name: 'Active Directory users (LDIF)',
  onBadRow: 'skip-row',
  accepts: (head) => /^\s*(version: 1|dn::?)/i.test(head.text) && holds(head, 'sAMAccountName'),
  async *read(file) {
    let entry = new Map<string, string[]>();
    let start = 1;
    let previous = '';
    let count = 0;
    const put = (line: string): void => {
      const found = /^([A-Za-z][\w;.-]*):(:?)\s*(.*)$/.exec(line);
      if (found === null || ++count > mostValues) return;
      const [, name = '', base64, value = ''] = found;
      const key = name.split(';', 1)[0]?.toLowerCase() ?? '';
      const read = base64 === ':' && !binary.has(key) ? Buffer.from(value, 'base64').toString('utf8') : value;
      entry.set(key, [...(entry.get(key) ?? []), key === 'tokengroups' ? (readSid(read) ?? read) : read]);
    };
    const end = function* (row: number) {
      if (previous !== '') put(previous);
      previous = '';
      if (entry.has('dn')) {
        const fact = account(entry);
        yield typeof fact === 'string' ? refused(start, fact) : taken(start, fact);
      }
      entry = new Map();
      start = row + 1;
      count = 0;
    };
    let row = 0;
    for await (const line of file.lines()) {
      row = line.line;
      const text = line.text.replace(/\r$/, '');
      // A line that begins with a space goes on from the one before.
      if (text.startsWith(' ')) previous += text.slice(1);
      else if (text === '') yield* end(row);
      else {
        if (previous !== '') put(previous);
        previous = text.startsWith('#') ? '' : text;
      }
    }
    yield* end(row);
    return source;
  },
};

const csv: Importer = {
  kind: 'directory.accounts',
  name: 'Active Directory users (CSV)',
  onBadRow: 'skip-row',
  accepts: (head) =>
    /samaccountname/i.test(head.text.split(/\r?\n/, 1)[0] ?? '') && !head.text.startsWith('{'),
  async *read(file) {
    for await (const row of file.rows()) {
      if (!row.ok) {
        yield { row: row.row, refused: row.why, cutOff: row.cutOff };
        continue;
      }
      const attributes = new Map(
        Object.entries(row.cells).map(([name, cell]) => {
          const key = name.toLowerCase().replaceAll(/[^a-z]/g, '');
          // Several values stand in one cell, between semicolons or bars.
          const many = key.startsWith('memberof') || key === 'tokengroups';
          return [
            key,
            (many ? cell.split(/[;|]/) : [cell]).map((one) => one.trim()).filter((one) => one !== ''),
          ];
        }),
      );
      const lastLogon = attributes.get('lastlogondate');
      if (lastLogon !== undefined && !attributes.has('lastlogontimestamp'))
        attributes.set('lastlogontimestamp', lastLogon);
      const fact = account(attributes);
      yield typeof fact === 'string' ? refused(row.row, fact) : taken(row.row, fact);
    }
    return source;
  },
};

export const directoryImporters: readonly Importer[] = [ldif, csv];
