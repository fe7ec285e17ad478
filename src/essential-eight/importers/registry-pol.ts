import type { Importer } from '#governance/evidence';
import { policyFacts } from './registry.ts';
import { hostInName, refused, skipped } from './shapes.ts';

type Value = string | number;
type PolicyRecord = {
  readonly key: string;
  readonly name: string;
  readonly type: number;
  readonly data: Buffer;
};

/** 'PReg' and version 1. @see [MS-GPREG] 2.2.1 */
const head = Buffer.from([0x50, 0x52, 0x65, 0x67, 1, 0, 0, 0]);
const mostRecords = 5000;
/** A key may have 255 characters a part; a path of more than this is no policy's. */
const mostCharacters = 2000;

/**
 * A group policy's registry.pol as Windows keeps it. What a policy sets, and not whom it reaches: that isn't in the file,
 * nor whether it is the machine's or the users' half, so the file's name has to say.
 */
export const policyFileImporter: Importer = {
  kind: 'windows.settings',
  name: 'Group policy (registry.pol)',
  // A part of a policy would say something else than the whole.
  onBadRow: 'refuse-file',
  accepts: ({ text }) => text.startsWith('PReg\u0001\0\0\0'),
  async *read(file) {
    const name = hostInName(file.name).replace(/[.\s_-]*(registry)?\.pol$/i, '');
    const half = halfOf(file.name);
    const settings = new Map<string, Value>();
    let row = 0;
    if (half === undefined)
      yield refused(1, 'Nothing says which half it is. Call the file GPO.machine.pol or GPO.user.pol.');
    else
      try {
        for (const record of records(await file.bytes())) {
          row++;
          const value = valueOf(record);
          // **del. takes a value away, **soft. sets it where there is none: neither says what holds on a host.
          if (record.name.startsWith('**') || value === undefined)
            yield skipped(row, 'It sets no number and no text.');
          else settings.set(`${half}\\${record.key}\\${record.name}`.toLowerCase(), value);
        }
      } catch (error) {
        if (!(error instanceof Damaged)) throw error;
        yield refused(row + 1, error.message);
      }
    if (settings.size > 0) yield* policyFacts(row, name || 'group policy', 'unstated', false, settings);
    return { source: `group policy ${name}` };
  },
};

class Damaged extends Error {}

const halfOf = (name: string): 'hklm' | 'hkcu' | undefined => {
  const words = name.toLowerCase().split(/[^a-z]+/);
  const machine = words.includes('machine') || words.includes('computer');
  const user = words.includes('user');
  return machine === user ? undefined : machine ? 'hklm' : 'hkcu';
};

/** `[key;value;type;size;data]` in UTF-16LE; key and value end with a NUL, type and size are 32 bits. @see [MS-GPREG] 2.2.1 */
function* records(bytes: Buffer): Generator<PolicyRecord> {
  if (!bytes.subarray(0, head.length).equals(head))
    throw new Damaged('It does not begin as a registry.pol does.');
  let at = head.length;
  let count = 0;
  const sign = (wanted: string): void => {
    if (at + 2 > bytes.length) throw new Damaged('The file stops in the middle of this record.');
    if (bytes.readUInt16LE(at) !== wanted.charCodeAt(0))
      throw new Damaged(`There is no "${wanted}" where one has to be.`);
    at += 2;
  };
  const text = (): string => {
    const from = at;
    for (; at + 2 <= bytes.length && at - from <= mostCharacters * 2; at += 2)
      if (bytes.readUInt16LE(at) === 0) {
        at += 2;
        return bytes.toString('utf16le', from, at - 2);
      }
    throw new Damaged(
      at + 2 > bytes.length
        ? 'The file stops in the middle of this record.'
        : `A name in it is longer than ${mostCharacters} characters.`,
    );
  };
  const number = (): number => {
    if (at + 4 > bytes.length) throw new Damaged('The file stops in the middle of this record.');
    at += 4;
    return bytes.readUInt32LE(at - 4);
  };
  while (at < bytes.length) {
    if (++count > mostRecords) throw new Damaged(`It has more than ${mostRecords} settings.`);
    sign('[');
    const key = text();
    sign(';');
    const name = text();
    sign(';');
    const type = number();
    sign(';');
    const size = number();
    sign(';');
    if (at + size > bytes.length) throw new Damaged('The file stops in the middle of this record.');
    const data = bytes.subarray(at, at + size);
    at += size;
    sign(']');
    yield { key, name, type, data };
  }
}

/** REG_SZ 1, REG_EXPAND_SZ 2, REG_DWORD 4 and its big-endian 5, REG_QWORD 11; others hold no setting. */
function valueOf({ type, data }: PolicyRecord): Value | undefined {
  if (type === 1 || type === 2) return data.toString('utf16le').split('\0', 1)[0]?.slice(0, mostCharacters);
  if (type === 4 && data.length === 4) return data.readUInt32LE();
  if (type === 5 && data.length === 4) return data.readUInt32BE();
  if (type !== 11 || data.length !== 8) return undefined;
  const long = data.readBigUInt64LE();
  return long <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(long) : undefined;
}
