import { parse } from 'csv-parse/sync';
import { XMLParser } from 'fast-xml-parser';
import { Invalid } from '#platform/errors';
import { list, type Loose, number, object, Scan, scanCaps, score, text } from './scanned.ts';

const cvePattern = /CVE-\d{4}-\d{4,10}/g;

/** Rows as objects by lower-case column. @throws {Invalid} where it is no table */
export function readCsv(content: string): {
  rows: readonly Readonly<Record<string, string>>[];
  columns: readonly string[];
} {
  let columns: string[] = [];
  try {
    const rows: unknown = parse(content, {
      bom: true,
      columns: (names: string[]) => (columns = names.map((name) => name.trim().toLowerCase())),
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: true,
      max_record_size: 4 * 1024 * 1024,
      to: scanCaps.findings + 1,
    });
    // The parser gives text by column, and nothing else.
    return { rows: rows as Record<string, string>[], columns };
  } catch (error) {
    throw new Invalid(
      `The file is no CSV: ${error instanceof Error ? error.message.slice(0, 200) : 'unreadable'}.`,
    );
  }
}

/** Nessus and Tenable exports as CSV: a row for each plugin and CVE on a host. What is only information is passed over. */
export function readNessusCsv(content: string): Scan {
  const scan = new Scan();
  const { rows } = readCsv(content);
  for (const [i, row] of rows.entries()) {
    const field = (...names: string[]): string | undefined =>
      names.map((name) => text(row[name])).find(Boolean);
    const risk = field('risk', 'severity', 'risk factor')?.toLowerCase();
    if (risk === 'none' || risk === 'info' || risk === 'informational') {
      scan.skip(`line ${i + 2}`, 'It is information, and no vulnerability.');
      continue;
    }
    const plugin = field('plugin id', 'plugin');
    const cves = [...new Set(field('cve')?.match(cvePattern) ?? [])];
    const names = cves.length > 0 ? cves : [plugin === undefined ? undefined : `nessus-${plugin}`];
    for (const vulnerability of names)
      scan.add(
        {
          host: field('dns name', 'host', 'fqdn', 'ip address', 'netbios name'),
          vulnerability,
          package: plugin === undefined ? '' : `plugin ${plugin}`,
          title: field('name', 'plugin name', 'synopsis') ?? vulnerability ?? '',
          cvss: score(
            field('cvss v3.0 base score', 'cvss v3 base score', 'cvssv3', 'cvss v2.0 base score', 'cvss'),
          ),
          vector: field('cvss v3 vector', 'cvss3 vector', 'cvss v3.0 vector'),
          epss: number(field('epss score'), 0, 1),
          kev: /cisa-known-exploited/i.test(row['cross references'] ?? row['xref'] ?? ''),
        },
        `line ${i + 2}`,
      );
  }
  return scan;
}

/** A .nessus file. @throws {Invalid} for what is no XML, or brings its own entities */
export function readNessusXml(content: string): Scan {
  const scan = new Scan();
  if (/<!(DOCTYPE|ENTITY)/i.test(content))
    throw new Invalid('A .nessus file has no DOCTYPE. This one is not read.');
  let root: unknown;
  try {
    root = new XMLParser({
      ignoreAttributes: false,
      attributeNamePrefix: '@',
      parseTagValue: false,
      parseAttributeValue: false,
      processEntities: true,
      isArray: (name) => ['ReportHost', 'ReportItem', 'cve', 'xref', 'tag'].includes(name),
    }).parse(content, true);
  } catch (error) {
    throw new Invalid(
      `The file is no XML: ${error instanceof Error ? error.message.slice(0, 200) : 'unreadable'}.`,
    );
  }
  const report = object(object(object(root)['NessusClientData_v2'])['Report']);
  for (const [h, each] of list(report['ReportHost']).entries()) {
    const host = object(each);
    const tags = new Map(
      list(object(host['HostProperties'])['tag']).map((tag) => [
        object(tag)['@name'],
        text(object(tag)['#text']),
      ]),
    );
    const name = tags.get('host-fqdn') ?? tags.get('hostname') ?? text(host['@name']);
    const found = moment(tags.get('HOST_END'));
    for (const [i, one] of list(host['ReportItem']).entries())
      ofItem(scan, object(one), name, found, `host ${h + 1}, item ${i + 1}`);
  }
  return scan;
}

function ofItem(
  scan: Scan,
  item: Loose,
  host: string | undefined,
  found: Date | undefined,
  at: string,
): void {
  if (item['@severity'] === '0') return scan.skip(at, 'It is information, and no vulnerability.');
  const plugin = text(item['@pluginID']);
  const cves = list(item['cve'])
    .map(text)
    .filter((cve) => cve !== undefined);
  for (const vulnerability of cves.length > 0
    ? new Set(cves)
    : [plugin === undefined ? undefined : `nessus-${plugin}`])
    scan.add(
      {
        host,
        vulnerability,
        package: plugin === undefined ? '' : `plugin ${plugin}`,
        title: text(item['@pluginName']) ?? vulnerability ?? '',
        cvss: score(item['cvss3_base_score']) ?? score(item['cvss_base_score']),
        vector: text(item['cvss3_vector']),
        epss: number(item['epss_score'], 0, 1),
        kev: list(item['xref']).some((xref) => /cisa-known-exploited/i.test(text(xref) ?? '')),
        found,
      },
      at,
    );
}

/** Our own table: asset, cve; and where there are any: cvss, vector, epss, kev, found, title, package, hours. */
export function readTable(content: string): Scan {
  const scan = new Scan();
  const { rows } = readCsv(content);
  for (const [i, row] of rows.entries()) {
    const at = `line ${i + 2}`;
    const wrong = [
      ['epss', number(row['epss'], 0, 1)],
      ['cvss', score(row['cvss'])],
      ['found', moment(row['found'])],
      ['hours', number(row['hours'], 0.01, 100_000)],
    ].filter(([name, value]) => text(row[String(name)]) !== undefined && value === undefined);
    if (text(row['asset']) === undefined) scan.skip(at, 'It names no asset.');
    else if (wrong.length > 0)
      scan.skip(at, `${wrong.map(([name]) => String(name)).join(', ')} can't be understood.`);
    else
      scan.add(
        {
          host: text(row['asset']),
          vulnerability: text(row['cve']),
          package: text(row['package']) ?? '',
          title: text(row['title']) ?? text(row['cve']) ?? '',
          cvss: score(row['cvss']),
          vector: text(row['vector']),
          epss: number(row['epss'], 0, 1),
          kev: /^(yes|true|y|1)$/i.test(row['kev']?.trim() ?? ''),
          hours: number(row['hours'], 0.01, 100_000),
          found: moment(row['found']),
        },
        at,
      );
  }
  return scan;
}

function moment(value: string | undefined): Date | undefined {
  const at = new Date(value ?? '');
  return Number.isNaN(at.getTime()) ? undefined : at;
}
