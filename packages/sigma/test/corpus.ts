import { createReadStream, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { createGunzip, gunzipSync } from 'node:zlib';
import { sharedData } from '../../../test/shared.ts';
import type { LogSource, SourceFile } from '../src/index.ts';

/** The folders of the rule set the expectations were made with. */
export const activeFolders = [
  'rules/',
  'rules-emerging-threats/',
  'rules-threat-hunting/',
  'rules-compliance/',
];

/** Where the outside data is; undefined where it is not there and its tests are skipped. */
export const corpus = sharedData('detection');

/** Rule files out of the tarball, by folder. */
export function ruleFiles(folders: readonly string[] = activeFolders): SourceFile[] {
  if (corpus === undefined) return [];
  return tarEntries(gunzipSync(readFileSync(`${corpus}/sigma-rules.tar.gz`)))
    .map(({ path, text }) => ({ path: path.replace(/^\.?\/?sigma-rules\//, ''), text }))
    .filter(({ path }) => path.endsWith('.yml') && folders.some((folder) => path.startsWith(folder)));
}

/** POSIX tar: a 512-byte head with name, prefix and octal size, then the data in blocks of 512. */
function tarEntries(tar: Buffer): SourceFile[] {
  const entries: SourceFile[] = [];
  let longName: string | undefined;
  for (let at = 0; at + 512 <= tar.length; ) {
    const head = tar.subarray(at, at + 512);
    if (head[0] === 0) break;
    const field = (from: number, to: number): string =>
      head.toString('latin1', from, to).replace(/\0.*$/s, '');
    const size = Number.parseInt(field(124, 136), 8);
    const data = tar.subarray(at + 512, at + 512 + size);
    const type = field(156, 157);
    const prefix = field(257, 263).startsWith('ustar') && field(345, 500) !== '' ? `${field(345, 500)}/` : '';
    if (type === 'L') longName = data.toString('utf8').replace(/\0.*$/s, '');
    else if (type === 'x') longName = /\d+ path=(.*)\n/.exec(data.toString('utf8'))?.[1];
    else {
      if (type === '0' || type === '')
        entries.push({ path: longName ?? prefix + field(0, 100), text: data.toString('utf8') });
      longName = undefined;
    }
    at += 512 + Math.ceil(size / 512) * 512;
  }
  return entries;
}

export type Recording = {
  readonly file: string;
  readonly name: string;
  /** As the manifest declares it; the value `@stream` of each record where it says so. */
  readonly logsource: LogSource | 'by-stream';
};

/** The event files that have expectations. */
export function recordings(): Recording[] {
  if (corpus === undefined) return [];
  // The manifest is ours to read: a list of files with a log source each.
  const manifest = JSON.parse(readFileSync(`${corpus}/manifest.json`, 'utf8')) as {
    file: string;
    logsource: string | Record<string, string | null>;
  }[];
  return manifest.map(({ file, logsource }) => ({
    file: `${corpus}/${file}`,
    name: file.replace(/^events\//, '').replace(/\.ndjson\.gz$/, ''),
    logsource: declared(logsource),
  }));
}

function declared(logsource: string | Record<string, string | null>): Recording['logsource'] {
  if (typeof logsource === 'string') return { product: 'windows' };
  const words = Object.entries(logsource).filter(([, word]) => word !== null);
  if (words.some(([, word]) => word?.startsWith('value of'))) return 'by-stream';
  return Object.fromEntries(words);
}

export function logsourceOf(recording: Recording, record: unknown): LogSource {
  if (recording.logsource !== 'by-stream') return recording.logsource;
  const stream =
    typeof record === 'object' && record !== null && '@stream' in record ? record['@stream'] : '';
  return { product: 'zeek', service: String(stream) };
}

/** Lines of a gzip file, one at a time: some unpack to more than a string can hold. */
export function lines(path: string): AsyncIterable<string> {
  return createInterface({
    input: createReadStream(path).pipe(createGunzip()),
    crlfDelay: Number.POSITIVE_INFINITY,
  });
}
