import type { Fact, Importer, ImportStep } from '#governance/evidence';
import {
  holds,
  hostInName,
  list,
  type Named,
  object,
  refused,
  said,
  string,
  strings,
  taken,
  time,
} from './shapes.ts';
import { parseXml } from './xml.ts';

type Component = 'os' | 'application';
type Finding = {
  id: string;
  cves: string[];
  product: string;
  component: Component;
  critical: boolean;
  released: Date | undefined;
};
type Run = {
  host: string;
  at: Date;
  scanner: string;
  feedAt: Date | undefined;
  credentialed: boolean | undefined;
  reaches: Component[];
};

const runFact = ({ host, at, scanner, feedAt, credentialed, reaches }: Run): Fact => ({
  subject: host,
  at,
  values: said({ what: 'run', scanner, feedAt: feedAt?.toISOString(), credentialed, reaches }),
});
const findingFact = ({ host, at, scanner }: Run, one: Finding): Fact => ({
  subject: host,
  at,
  values: said({
    what: 'finding',
    scanner,
    id: one.id,
    cves: one.cves.slice(0, 100),
    product: one.product,
    component: one.component,
    critical: one.critical,
    released: one.released?.toISOString(),
  }),
});

/** @see Nessus v2 report format; plugin 19506 tells about the scan itself. */
const nessus: Importer = {
  kind: 'scanner.results',
  name: 'Nessus (.nessus)',
  onBadRow: 'skip-row',
  accepts: (head) => holds(head, '<NessusClientData_v2'),
  async *read(file) {
    const parsed = parseXml(await file.text());
    const report = typeof parsed === 'string' ? {} : object(object(parsed['NessusClientData_v2'])['Report']);
    if (typeof parsed === 'string') yield refused(1, parsed);
    let row = 0;
    for (const host of list(report['ReportHost']).map(object)) yield* nessusHost(++row, host);
    return { source: `Nessus ${string(report['@name']) ?? ''}`.trim() };
  },
};

function* nessusHost(row: number, value: Named): Generator<ImportStep> {
  const tags = new Map(
    list(object(value['HostProperties'])['tag'])
      .map(object)
      .map((tag) => [string(tag['@name']) ?? '', string(tag['#text'])]),
  );
  const host = string(tags.get('host-fqdn')) ?? string(tags.get('netbios-name')) ?? string(value['@name']);
  const at = nessusTime(tags.get('HOST_END_TIMESTAMP'), tags.get('HOST_END'));
  if (host === undefined || at === undefined) {
    yield refused(row, 'It has no name or no HOST_END.');
    return;
  }
  const items = list(value['ReportItem']).map(object);
  const about = string(items.find((item) => string(item['@pluginID']) === '19506')?.['plugin_output']) ?? '';
  const feed = /Plugin feed version\s*:\s*(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)/.exec(about);
  const signedIn = /Credentialed checks\s*:\s*(yes|no)/i.exec(about)?.[1]?.toLowerCase();
  const tag = tags.get('Credentialed_Scan')?.toLowerCase();
  const run: Run = {
    host,
    at,
    scanner: 'Nessus',
    feedAt: feed ? time(`${feed[1]}-${feed[2]}-${feed[3]}T${feed[4]}:${feed[5]}:00Z`) : undefined,
    credentialed:
      signedIn === undefined ? (tag === undefined ? undefined : tag === 'true') : signedIn === 'yes',
    reaches: ['os', 'application'],
  };
  const missing = items.filter(
    (item) => time(item['patch_publication_date']) !== undefined || strings(item['cve']).length > 0,
  );
  yield taken(
    row,
    runFact(run),
    ...missing
      .filter((item) => string(item['@severity']) !== '0')
      .map((item) =>
        findingFact(run, {
          id: `nessus-${string(item['@pluginID']) ?? ''}`,
          cves: strings(item['cve']),
          product: string(item['@pluginName']) ?? '',
          component:
            /local security checks|microsoft bulletins/i.test(string(item['@pluginFamily']) ?? '') &&
            ofSystem(string(item['@pluginName']) ?? '')
              ? 'os'
              : 'application',
          critical: string(item['@severity']) === '4',
          released: time(item['patch_publication_date']?.toString().replaceAll('/', '-')),
        }),
      ),
  );
}
/** Bulletins are of the system and of Microsoft's applications: those named for an application are its. */
const ofSystem = (name: string): boolean =>
  !/office|excel|word|outlook|powerpoint|edge|exchange|sharepoint|sql server|\.net|visual studio|firefox|thunderbird|chrom/i.test(
    name,
  );
const nessusTime = (seconds: string | undefined, words: string | undefined): Date | undefined =>
  seconds === undefined
    ? time(words === undefined ? undefined : `${words} UTC`)
    : time(Number(seconds) * 1000);

/** Trivy, of an image, a root file system or a machine. The clock of a fix runs from when it was published. */
const trivy: Importer = {
  kind: 'scanner.results',
  name: 'Trivy (JSON)',
  onBadRow: 'skip-row',
  accepts: (head) => holds(head, '"SchemaVersion"', '"ArtifactName"'),
  async *read(file) {
    const report = object(await file.json());
    const host = string(report['ArtifactName']);
    const at = time(report['CreatedAt']);
    if (host === undefined || at === undefined) yield refused(1, 'It has no ArtifactName or no CreatedAt.');
    else {
      const results = list(report['Results']).map(object);
      const run: Run = {
        host,
        at,
        scanner: 'Trivy',
        feedAt: undefined,
        credentialed: true,
        reaches: ['os', 'application'],
      };
      yield taken(
        1,
        runFact(run),
        ...results.flatMap((result) =>
          list(result['Vulnerabilities']).map((one) =>
            findingFact(run, trivyFinding(string(result['Class']), object(one))),
          ),
        ),
      );
    }
    return { source: `Trivy ${host ?? ''}`.trim() };
  },
};
const trivyFinding = (of: string | undefined, one: Named): Finding => ({
  id: `${string(one['VulnerabilityID']) ?? ''} ${string(one['PkgName']) ?? ''}`,
  cves: [string(one['VulnerabilityID']) ?? ''].filter(isCve),
  product: string(one['PkgName']) ?? '',
  component: of === 'os-pkgs' ? 'os' : 'application',
  critical: string(one['Severity'])?.toUpperCase() === 'CRITICAL',
  // When the vulnerability was published: the fix itself came no earlier, and its day isn't in the report.
  released: undefined,
});

const grype: Importer = {
  kind: 'scanner.results',
  name: 'Grype (JSON)',
  onBadRow: 'skip-row',
  accepts: (head) => holds(head, '"matches"') && (holds(head, '"matchDetails"') || holds(head, '"grype"')),
  async *read(file) {
    const report = object(await file.json());
    const descriptor = object(report['descriptor']);
    const target = object(object(report['source'])['target']);
    const host =
      string(object(report['source'])['target']) ?? string(target['userInput']) ?? hostInName(file.name);
    const at = time(descriptor['timestamp']);
    const db = object(descriptor['db']);
    if (at === undefined) yield refused(1, 'It has no descriptor.timestamp.');
    else {
      const run: Run = {
        host,
        at,
        scanner: 'Grype',
        feedAt: time(db['built']) ?? time(object(db['status'])['built']),
        credentialed: true,
        reaches: ['os', 'application'],
      };
      yield taken(
        1,
        runFact(run),
        ...list(report['matches']).map((one) => findingFact(run, grypeFinding(object(one)))),
      );
    }
    return { source: `Grype ${host}` };
  },
};
function grypeFinding(match: Named): Finding {
  const vulnerability = object(match['vulnerability']);
  const artifact = object(match['artifact']);
  const fix = object(vulnerability['fix']);
  const days = list(fix['available'])
    .map((one) => time(object(one)['date']))
    .filter((one) => one !== undefined);
  const id = string(vulnerability['id']) ?? '';
  return {
    id: `${id} ${string(artifact['name']) ?? ''}`,
    cves: [
      id,
      ...list(match['relatedVulnerabilities']).flatMap((one) => string(object(one)['id']) ?? []),
    ].filter(isCve),
    product: string(artifact['name']) ?? '',
    component: /^(deb|rpm|apk|alpm|portage|msrc-kb|kb)$/i.test(string(artifact['type']) ?? '')
      ? 'os'
      : 'application',
    critical: string(vulnerability['severity'])?.toLowerCase() === 'critical',
    released: days.sort((a, b) => a.getTime() - b.getTime())[0],
  };
}

/** OSV-Scanner says neither when nor where it looked: the file's name is the host, and the time is the sender's to state. */
const osv: Importer = {
  kind: 'scanner.results',
  name: 'OSV-Scanner (JSON)',
  onBadRow: 'skip-row',
  accepts: (head) => holds(head, '"results"', '"packages"') && holds(head, '"source"'),
  async *read(file, { now }) {
    const report = object(await file.json());
    const host = hostInName(file.name);
    const run: Run = {
      host,
      at: now,
      scanner: 'OSV-Scanner',
      feedAt: undefined,
      credentialed: true,
      reaches: ['application'],
    };
    const packages = list(report['results'])
      .flatMap((result) => list(object(result)['packages']))
      .map(object);
    yield taken(
      1,
      runFact(run),
      ...packages.flatMap((one) =>
        list(one['vulnerabilities']).map((vulnerability) =>
          findingFact(run, osvFinding(string(object(one['package'])['name']) ?? '', object(vulnerability))),
        ),
      ),
    );
    return { source: `OSV-Scanner ${host}` };
  },
};
const osvFinding = (product: string, one: Named): Finding => ({
  id: `${string(one['id']) ?? ''} ${product}`,
  cves: [string(one['id']) ?? '', ...strings(one['aliases'])].filter(isCve),
  product,
  component: 'application',
  critical: string(object(one['database_specific'])['severity'])?.toUpperCase() === 'CRITICAL',
  released: undefined,
});
const isCve = (id: string): boolean => /^CVE-\d{4}-\d{4,}$/i.test(id);

/** CISA's list of known exploited vulnerabilities. */
const exploited: Importer = {
  kind: 'vulnerability.exploited',
  name: 'Known exploited vulnerabilities (CISA JSON)',
  onBadRow: 'refuse-file',
  accepts: (head) => holds(head, '"cveID"', '"dateAdded"'),
  async *read(file) {
    const catalogue = object(await file.json());
    let row = 0;
    for (const one of list(catalogue['vulnerabilities']).map(object)) {
      const subject = string(one['cveID']);
      const at = time(one['dateAdded']);
      yield subject === undefined || at === undefined
        ? refused(++row, 'It has no cveID or no dateAdded.')
        : taken(++row, { subject, at, values: {} });
    }
    const released = time(catalogue['dateReleased']);
    return {
      source: 'CISA known exploited vulnerabilities',
      ...(released && { collectedAt: released }),
    };
  },
};

export const scannerImporters: readonly Importer[] = [nessus, trivy, grype, osv, exploited];
