import { Invalid } from '#platform/errors';
import type { FindingsFormat } from '../contract.ts';
import { readGrype, readOsv, readTrivy } from './json.ts';
import { object, scanCaps, type Scan } from './scanned.ts';
import { readCsv, readNessusCsv, readNessusXml, readTable } from './tables.ts';

/**
 * @returns what it is and what it tells of
 * @throws {Invalid} where nothing of it can be understood
 */
export function readScan(
  bytes: Uint8Array,
  wanted: FindingsFormat | 'auto',
): { format: FindingsFormat; scan: Scan } {
  if (bytes.length > scanCaps.bytes)
    throw new Invalid(`The file is larger than ${scanCaps.bytes / 1024 / 1024} MiB.`);
  const content = new TextDecoder().decode(bytes).replace(/^\uFEFF/, '');
  const format = wanted === 'auto' ? recognised(content) : wanted;
  switch (format) {
    case 'trivy':
      return { format, scan: readTrivy(json(content)) };
    case 'grype':
      return { format, scan: readGrype(json(content)) };
    case 'osv-scanner':
      return { format, scan: readOsv(json(content)) };
    case 'nessus-csv':
      return { format, scan: readNessusCsv(content) };
    case 'nessus':
      return { format, scan: readNessusXml(content) };
    case 'csv':
      return { format, scan: readTable(content) };
  }
}

function json(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch (error) {
    throw new Invalid(
      `The file is no JSON: ${error instanceof Error ? error.message.slice(0, 200) : 'unreadable'}.`,
    );
  }
}

function recognised(content: string): FindingsFormat {
  const start = content.slice(0, 4000).trimStart();
  if (start.startsWith('<')) {
    if (start.includes('<NessusClientData_v2')) return 'nessus';
    throw new Invalid('Of XML only .nessus files are read here.');
  }
  if (start.startsWith('{') || start.startsWith('[')) {
    const root = json(content);
    const top = object(root);
    if ('matches' in top) return 'grype';
    if ('results' in top) return 'osv-scanner';
    if (Array.isArray(root) || 'Results' in top || 'SchemaVersion' in top || 'ClusterName' in top)
      return 'trivy';
    throw new Invalid('It is JSON, and of none of the scanners known: trivy, grype, osv-scanner.');
  }
  const { columns } = readCsv(content.slice(0, content.indexOf('\n') + 1));
  if (columns.includes('asset') && columns.includes('cve')) return 'csv';
  if (columns.includes('plugin id') || columns.includes('plugin')) return 'nessus-csv';
  throw new Invalid('A table of findings has the columns asset and cve, or is an export of Nessus.');
}
