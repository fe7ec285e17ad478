import { Invalid } from '#platform/errors';
import { list, number, object, text } from './scanners/scanned.ts';

/** What is told of a vulnerability wherever it is: that it is exploited, how probably, how bad it is. */
export type Exploit = {
  readonly cve: string;
  readonly epss?: number | undefined;
  /** Since when it is known to be exploited. */
  readonly exploited?: Date | undefined;
  readonly cvss?: number | undefined;
  readonly vector?: string | undefined;
  readonly title?: string | undefined;
};
export const feeds = ['kev', 'epss', 'advisories'] as const;
export type FeedName = (typeof feeds)[number];
export type Feed = {
  readonly feed: FeedName;
  readonly rows: readonly Exploit[];
  readonly asOf: Date;
  readonly version: string;
};

const cvePattern = /^CVE-\d{4}-\d{4,10}$/;
const isCve = (cve: string | undefined): cve is string => cve !== undefined && cvePattern.test(cve);
/** Never later than now: what is dated in the future is of now. */
const dated = (value: unknown, now: Date): Date => {
  const at = new Date(text(value) ?? '');
  return Number.isNaN(at.getTime()) || at > now ? now : at;
};
const day = (at: Date): string => at.toISOString().slice(0, 10);

/** Which feed a file is, by its head. */
export function feedOf(head: string): FeedName | undefined {
  const start = head.replace(/^\uFEFF/, '').trimStart();
  if (/^(#[^\n]*\n)?cve,epss\b/.test(start)) return 'epss';
  if (!start.startsWith('{')) return undefined;
  if (/"catalogVersion"\s*:/.test(start) && /"(vulnerabilities|dateReleased)"\s*:/.test(start)) return 'kev';
  return /"category"\s*:\s*"csaf_/.test(start) ? 'advisories' : undefined;
}

/** @throws {Invalid} */
export const readFeed = (feed: FeedName, texts: readonly string[], now: Date): Feed => {
  const read = texts.map((one) => readers[feed](one.replace(/^\uFEFF/, ''), now));
  const rows = merged(read.flatMap((one) => one.rows));
  if (rows.length === 0) throw new Invalid('The feed names no CVE.');
  const newest = read.reduce((last, one) => (one.asOf > last.asOf ? one : last));
  return { ...newest, rows };
};

/** Several say something of one: the worst of it holds. */
function merged(rows: readonly Exploit[]): Exploit[] {
  const all = new Map<string, Exploit>();
  for (const row of rows) {
    const before = all.get(row.cve);
    if (before === undefined) all.set(row.cve, row);
    else {
      const [worse, other] = (row.cvss ?? -1) > (before.cvss ?? -1) ? [row, before] : [before, row];
      const exploited = [row.exploited, before.exploited].filter((one) => one !== undefined);
      all.set(row.cve, {
        ...other,
        ...worse,
        exploited: exploited.length === 0 ? undefined : exploited.reduce((a, b) => (a < b ? a : b)),
      });
    }
  }
  return [...all.values()];
}

function json(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch (error) {
    throw new Invalid('The file is no JSON.', {}, error);
  }
}

function readKev(content: string, now: Date): Feed {
  const root = object(json(content));
  const rows = list(root['vulnerabilities']).flatMap((value): Exploit[] => {
    const one = object(value);
    const cve = text(one['cveID']);
    const title = text(one['vulnerabilityName']);
    return isCve(cve) ? [{ cve, exploited: dated(one['dateAdded'], now), title }] : [];
  });
  const asOf = dated(root['dateReleased'], now);
  return { feed: 'kev', rows, asOf, version: text(root['catalogVersion']) ?? day(asOf) };
}

/** A line each, a few hundred thousand of them: read without a parser of quotes, which no field of it has. */
function readEpss(content: string, now: Date): Feed {
  const lines = content.split(/\r?\n/, mostScores);
  if (lines.length === mostScores) throw new Invalid(`The file has more than ${mostScores} lines.`);
  const about = lines[0]?.startsWith('#') === true ? (lines.shift() ?? '') : '';
  const columns = (lines.shift() ?? '').split(',').map((name) => name.trim().toLowerCase());
  const [cveAt, epssAt] = [columns.indexOf('cve'), columns.indexOf('epss')];
  if (cveAt < 0 || epssAt < 0) throw new Invalid('EPSS has the columns cve and epss.');
  const rows = lines.flatMap((line): Exploit[] => {
    const cells = line.split(',');
    const cve = text(cells[cveAt]);
    const epss = number(cells[epssAt], 0, 1);
    return isCve(cve) && epss !== undefined ? [{ cve, epss }] : [];
  });
  const asOf = dated(/score_date:([^,\s]+)/.exec(about)?.[1], now);
  return { feed: 'epss', rows, asOf, version: day(asOf) };
}
const mostScores = 1_000_000;

/**
 * A CSAF document: of each vulnerability its CVSS score, and whether its maker says that it is exploited (a threat of the
 * category exploit_status that says so). SOURCE: OASIS CSAF 2.0, 3.2.3.
 */
function readAdvisory(content: string, now: Date): Feed {
  const root = object(json(content));
  const document = object(root['document']);
  const tracking = object(document['tracking']);
  const asOf = dated(tracking['current_release_date'], now);
  const rows = list(root['vulnerabilities']).flatMap((value): Exploit[] => {
    const one = object(value);
    const cve = text(one['cve']);
    if (!isCve(cve)) return [];
    const scores = list(one['scores'])
      .map((score) => object(object(score)['cvss_v3']))
      .map((score) => ({ cvss: number(score['baseScore'], 0, 10), vector: text(score['vectorString']) }))
      .sort((a, b) => (b.cvss ?? -1) - (a.cvss ?? -1));
    const status = list(one['threats'])
      .map(object)
      .find(
        (threat) => text(threat['category']) === 'exploit_status' && saysExploited(text(threat['details'])),
      );
    const title = text(one['title']) ?? text(document['title']);
    const exploited = status && dated(status['date'] ?? tracking['current_release_date'], now);
    return [{ cve, ...scores[0], exploited, title }];
  });
  return { feed: 'advisories', rows, asOf, version: day(asOf) };
}

/** Makers write "Exploited:Yes", or a sentence that says so. */
const saysExploited = (details = ''): boolean =>
  /\bexploited\s*:\s*yes\b/i.test(details) ||
  (/\b(is|being|been|are) (actively )?exploited\b|\bactively exploited\b|\bexploited in the wild\b/i.test(
    details,
  ) &&
    !/\b(not|no|never|un)\b[^.]{0,40}\bexploit/i.test(details));

const readers = { kev: readKev, epss: readEpss, advisories: readAdvisory } as const;
