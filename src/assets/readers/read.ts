import type { ImportFormat } from '../contract.ts';
import { readAws } from './aws.ts';
import { readAzure } from './azure.ts';
import { readCsvFile } from './csv.ts';
import { readCycloneDx } from './cyclonedx.ts';
import { readOwn } from './own.ts';
import { readOsquery } from './osquery.ts';
import { readDpkg, readRpm } from './packages.ts';
import { type FileRead, type Reader, type ReadOptions } from './record.ts';
import { sniff } from './sniff.ts';
import { readVmware } from './vmware.ts';

const readers: Readonly<Record<ImportFormat, Reader>> = {
  csv: readCsvFile,
  osquery: readOsquery,
  dpkg: readDpkg,
  rpm: readRpm,
  cyclonedx: readCycloneDx,
  vmware: readVmware,
  aws: readAws,
  azure: readAzure,
  ironbark: readOwn,
};

/** @throws {Unreadable} when nothing of the file can be taken */
export async function readFile(
  bytes: Uint8Array,
  asked: ImportFormat | 'auto',
  options: Omit<ReadOptions, 'source'> & { source?: string | undefined; fileName: string },
): Promise<FileRead & { format: ImportFormat }> {
  const format = asked === 'auto' ? sniff(bytes, options.fileName) : asked;
  const { host } = options;
  return { format, ...(await readers[format](bytes, { source: options.source ?? format, host })) };
}
