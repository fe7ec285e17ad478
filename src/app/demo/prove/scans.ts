import { domainOf, type DemoHost, type Estate, type Fix, hostsIn, type Place } from './estate.ts';

const dayMs = 86_400_000;
/** Scans run at the same hour: a quarter of a day before now. */
const hour = 0.25;
/** What isn't at the edge is scanned every so many days. */
const fullEvery = 7;

type Span = { readonly now: Date; readonly from: number; readonly to: number };

/**
 * What a scanner wrote in a span of days ago: hosts at the edge every day, all others every week, each with the fixes
 * that were missing at that moment. As Nessus exports it.
 */
export function nessusFile(estate: Estate, place: Place, span: Span): string {
  const hosts = hostsIn(estate, place);
  const days = Array.from({ length: Math.ceil(span.from) + 1 }, (_, at) => Math.ceil(span.from) - at);
  const reports = days
    .filter((day) => day + hour <= span.from && day + hour > span.to)
    .flatMap((day) =>
      hosts
        .filter(({ exposed }) => exposed || day % fullEvery === 0)
        .map((host) => hostReport(estate, place, host, span.now, day + hour)),
    );
  return `<?xml version="1.0" ?>\n<NessusClientData_v2>\n<Report name="demo ${place}">\n${reports.join('\n')}\n</Report>\n</NessusClientData_v2>\n`;
}

function hostReport(estate: Estate, place: Place, host: DemoHost, now: Date, daysAgo: number): string {
  const at = ago(now, daysAgo);
  const missing = estate.fixes.filter((fix) => isMissing(fix, place, host, daysAgo));
  const feed = at.toISOString().slice(0, 10).replaceAll('-', '');
  const about = `Plugin feed version : ${feed}0000\nCredentialed checks : yes`;
  return [
    `<ReportHost name="${host.name}"><HostProperties>`,
    `<tag name="host-fqdn">${host.name}.${domainOf[place]}</tag>`,
    `<tag name="HOST_END_TIMESTAMP">${Math.round(at.getTime() / 1000)}</tag>`,
    `<tag name="HOST_END">${at.toISOString()}</tag><tag name="Credentialed_Scan">true</tag></HostProperties>`,
    `<ReportItem pluginID="19506" pluginName="Nessus Scan Information" pluginFamily="Settings" severity="0"><plugin_output>${about}</plugin_output></ReportItem>`,
    ...missing.map((fix) => item(fix, now)),
    '</ReportHost>',
  ].join('\n');
}

/** SOURCE: of Windows and Debian, families whose checks are those of the system itself. */
const families = {
  windows: 'Windows : Microsoft Bulletins',
  debian: 'Debian Local Security Checks',
} as const;

const item = (fix: Fix, now: Date): string =>
  [
    `<ReportItem pluginID="${fix.plugin}" pluginName="${fix.name} (demo)" pluginFamily="${fix.os === undefined ? 'General' : families[fix.os]}" severity="${fix.severity}">`,
    `<cve>${fix.cve}</cve><cvss3_base_score>${fix.cvss}</cvss3_base_score><epss_score>${fix.epss}</epss_score>`,
    `<patch_publication_date>${ago(now, fix.released).toISOString().slice(0, 19).replace('T', ' ')}</patch_publication_date>`,
    fix.exploited === undefined ? '' : '<xref>CISA-KNOWN-EXPLOITED:2026/12/01</xref>',
    '</ReportItem>',
  ].join('');

function isMissing(fix: Fix, place: Place, host: DemoHost, daysAgo: number): boolean {
  if (!fix.on.includes(host.sort) || daysAgo > fix.released) return false;
  const own = host.name.replace(/^[A-Z]+-/, '');
  const applied = fix.left[place]?.includes(own) ? undefined : fix[place];
  return applied === undefined || daysAgo > applied;
}

/** The list of exploited vulnerabilities as it was that many days ago, in the form CISA gives it out. */
export function exploitedFile({ fixes }: Estate, now: Date, daysAgo: number): string {
  const known = fixes.flatMap(({ cve, name, exploited }) =>
    exploited === undefined || exploited < daysAgo ? [] : [{ cve, name, at: ago(now, exploited) }],
  );
  const older = { cve: 'CVE-2026-90001', name: 'Something of long ago', at: ago(now, 200) };
  return JSON.stringify({
    title: 'Known exploited vulnerabilities (demo)',
    dateReleased: ago(now, daysAgo).toISOString(),
    vulnerabilities: [older, ...known].map(({ cve, name, at }) => ({
      cveID: cve,
      vulnerabilityName: name,
      dateAdded: at.toISOString(),
    })),
  });
}

/** One run a week of each network. */
export function discoveryFile(
  estate: Estate,
  place: Place,
  now: Date,
  { from, to }: Omit<Span, 'now'>,
): string {
  const found = hostsIn(estate, place).length;
  const weeks = Array.from({ length: 8 }, (_, at) => at * fullEvery + hour).filter(
    (day) => day <= from && day > to,
  );
  const rows = weeks.flatMap((day) =>
    estate.networks.map(
      ({ name }, at) => `${name},${ago(now, day).toISOString()},${Math.ceil(found / (at + 2))}`,
    ),
  );
  return ['network,at,found', ...rows].join('\n');
}

export const ago = (now: Date, days: number): Date => new Date(now.getTime() - days * dayMs);
