import type { ImportFormat } from '../contract.ts';
import { Unreadable } from './record.ts';

/** Tells the format from how a file begins. @throws {Unreadable} where it fits none or several */
export function sniff(bytes: Uint8Array, fileName: string): ImportFormat {
  if (bytes[0] === 0x50 && bytes[1] === 0x4b) return 'vmware';
  const wide = bytes[0] === 0xff && bytes[1] === 0xfe;
  const head = new TextDecoder(wide ? 'utf-16le' : 'utf-8')
    .decode(bytes.subarray(0, 64 * 1024))
    .replace(/^\uFEFF/, '')
    .trimStart();
  const found = head.startsWith('{') || head.startsWith('[') ? jsonKind(head) : textKind(head, fileName);
  if (found === undefined)
    throw new Unreadable('Its format can’t be told from how it begins: name the format.');
  return found;
}

const jsonMarks: readonly (readonly [RegExp, ImportFormat])[] = [
  [/"bomFormat"\s*:/, 'cyclonedx'],
  [/"format"\s*:\s*"ironbark-assets/, 'ironbark'],
  [/"(Reservations|[cC]onfigurationItems)"\s*:|"InstanceId"\s*:/, 'aws'],
  [/"\/subscriptions\/|"totalRecords"\s*:|"resourceGroup"\s*:/i, 'azure'],
  [/"(virtualMachines|hostSystems)"\s*:/i, 'vmware'],
  [/"(hostIdentifier|snapshot|diffResults|queries|hardware_uuid|node_key)"\s*:/, 'osquery'],
];
const jsonKind = (head: string): ImportFormat | undefined => jsonMarks.find(([mark]) => mark.test(head))?.[1];

function textKind(head: string, fileName: string): ImportFormat | undefined {
  if (head.startsWith('<')) return /cyclonedx\.org\/schema\/bom/.test(head) ? 'cyclonedx' : undefined;
  if (/^Package: \S/m.test(head) && /^(Status|Version|Architecture): /m.test(head)) return 'dpkg';
  if (/^Desired=Unknown/m.test(head) || /^ii\s+\S+\s+\S/m.test(head)) return 'dpkg';
  const first = head.split('\n', 1)[0]?.trim() ?? '';
  const columns = first
    .toLowerCase()
    .replaceAll('"', '')
    .split(/[,;\t]/)
    .map((column) => column.trim());
  if (columns.includes('vm') && (columns.includes('powerstate') || columns.includes('dns name')))
    return 'vmware';
  if (columns.includes('host') && columns.includes('esx version')) return 'vmware';
  if (columns.includes('id') && columns.includes('type') && /\/subscriptions\//i.test(head)) return 'azure';
  if (/^\S+-[^-\s]+-[^-\s]+\.(x86_64|noarch|aarch64|i[3-6]86|ppc64le|s390x)$/.test(first)) return 'rpm';
  if (columns.some((column) => /^(asset ?)?name$|^host ?name$/.test(column)) && columns.length > 1)
    return 'csv';
  return /\.csv$/i.test(fileName) ? 'csv' : undefined;
}
