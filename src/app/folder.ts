import { randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { AppError } from '#platform/errors';

/** Where in the data folder what lies. */
export const placesIn = (data: string) => ({
  records: join(data, 'records'),
  events: join(data, 'events'),
  spool: join(data, 'spool'),
  content: join(data, 'content'),
  identityKey: join(data, 'keys', 'identity.key'),
  ledgerKeys: join(data, 'keys', 'ledger.json'),
  agreementKey: join(data, 'keys', 'agreement.jwk'),
  local: join(data, 'run', 'local.json'),
  layout: join(data, 'layout'),
});

/** Raised with what a newer version keeps differently. The records and the events have version checks of their own. */
const layoutVersion = 1;

export class DataFolderNewer extends AppError {
  readonly code = 'data-folder-newer';
  readonly status = 500;
  constructor(folder: string, found: string) {
    super(
      `The data folder ${folder} was written by a newer version of Ironbark (layout ${found}, this one knows ${layoutVersion}). ` +
        'Start that version, or choose another folder with IRONBARK_DATA.',
      { folder, found },
    );
  }
}

/** Makes the folder, readable by its owner only, or checks that it is one of ours. @throws {DataFolderNewer} */
export function prepareFolder(data: string): void {
  mkdirSync(data, { recursive: true, mode: 0o700 });
  const { layout } = placesIn(data);
  if (!existsSync(layout)) return writePrivate(layout, `${layoutVersion}\n`);
  const found = readFileSync(layout, 'utf8').trim();
  if (found !== String(layoutVersion)) throw new DataFolderNewer(data, found);
}

const keyBytes = 32;

/** The key that opens what is sealed in the records; made at the first start. */
export function identityKey(data: string): Buffer {
  const { identityKey: path } = placesIn(data);
  if (!existsSync(path)) writePrivate(path, `${randomBytes(keyBytes).toString('base64')}\n`);
  const key = Buffer.from(readFileSync(path, 'utf8'), 'base64');
  if (key.length !== keyBytes) throw new Error(`${path} does not hold a key of ${keyBytes} bytes.`);
  return key;
}

/** For its owner's eyes only, and there as a whole or not at all. */
export function writePrivate(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const aside = `${path}.${process.pid}`;
  rmSync(aside, { force: true });
  const file = openSync(aside, 'wx', 0o600);
  try {
    writeSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(aside, path);
}
