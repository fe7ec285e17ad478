import { weakest } from './confidence.ts';
import type { ImportReport } from './contract.ts';
import { EvidenceFromFuture, EvidenceRefused } from './errors.ts';
import type { Population } from './evaluator.ts';
import { type Gathered, gather } from './gather.ts';
import type { EvidenceKind, FileHead, Importer } from './importer.ts';
import { anyKind, expiryOf, kindOf, latestExpiry } from './kinds.ts';
import { openEvidenceFile, type OpenedFile } from './reading/evidence-file.ts';

/** What the sender says about a file. What is left out, the file or the kind says. */
export type Stated = {
  readonly environment: string;
  /** A kind, or 'auto': the importers are asked. */
  readonly kind: string;
  readonly name: string;
  readonly source?: string | undefined;
  readonly collectedAt?: Date | undefined;
  readonly expiresAt?: Date | undefined;
  readonly population?: { readonly covered: number; readonly of: number | undefined } | undefined;
  readonly onBadRow?: Importer['onBadRow'] | undefined;
  readonly dryRun: boolean;
};

/** Clocks differ by a little. */
const skewMilliseconds = 5 * 60_000;

export type FileRead = {
  /** The importer's name. */
  readonly importer: string;
  readonly gathered: Gathered;
  readonly about: About;
  /** Why nothing of it is recorded. */
  readonly refused: string | undefined;
  readonly report: ImportReport;
};

/** Reads a file and records nothing: needs no database. */
export async function readFile(
  deps: { readonly kinds: readonly EvidenceKind[]; readonly importers: readonly Importer[] },
  stated: Stated,
  now: Date,
  open: () => AsyncIterable<Buffer>,
): Promise<FileRead> {
  const opened = await openEvidenceFile(stated.name, open);
  const importer = importerFor(deps.importers, stated.kind, opened.head);
  const kind = kindOf(deps.kinds, importer.kind === anyKind ? stated.kind : importer.kind);
  const gathered = await gather(importer, opened.file, { now, skewMilliseconds });
  const about = aboutOf(kind, stated, gathered, now);
  const refused = whyRefused(gathered, stated.onBadRow ?? importer.onBadRow);
  return {
    importer: importer.name,
    gathered,
    about,
    refused,
    report: reportOf(gathered, opened, about, now),
  };
}

/** @throws {EvidenceRefused} */
function importerFor(importers: readonly Importer[], kind: string, head: FileHead): Importer {
  const known = importers.filter((one) => one.kind !== anyKind && (kind === 'auto' || one.kind === kind));
  const fits = known.filter((one) => one.accepts(head));
  const [first, second] = fits;
  if (first !== undefined && (second === undefined || kind !== 'auto')) return first;
  if (first !== undefined && second !== undefined)
    throw new EvidenceRefused(
      `it looks like several kinds: ${fits.map((one) => one.kind).join(', ')}. Say which it is.`,
    );
  const generic = importers.find((one) => one.kind === anyKind && one.accepts(head));
  if (kind !== 'auto' && generic !== undefined) return generic;
  throw new EvidenceRefused(
    kind === 'auto'
      ? `no importer recognises "${head.name}". Say its kind; facts of any kind can be sent as JSON, NDJSON or CSV with a "subject".`
      : `it is not a file of the kind "${kind}". ${known.map((one) => `Expected: ${one.name}.`).join(' ')}`,
  );
}

export type About = {
  readonly kind: string;
  readonly source: string;
  readonly collectedAt: Date;
  /** Undefined where neither the sender nor the file said when. */
  readonly statedAt: Date | undefined;
  readonly expiresAt: Date;
  readonly ceiling: EvidenceKind['ceiling'];
  readonly population: Population;
};

/** The sender's word wins over the file's, the file's over the kind's. @throws {EvidenceRefused} {EvidenceFromFuture} */
function aboutOf(kind: EvidenceKind, stated: Stated, { end, subjects, facts }: Gathered, now: Date): About {
  const statedAt = stated.collectedAt ?? end.collectedAt;
  const collectedAt = statedAt ?? now;
  if (collectedAt.getTime() > now.getTime() + skewMilliseconds)
    throw new EvidenceFromFuture(collectedAt, now);
  // A clock that runs a little ahead: what it saw is known now.
  const seenAt = collectedAt > now ? now : collectedAt;
  const expiresAt = stated.expiresAt ?? end.expiresAt ?? expiryOf(kind, seenAt);
  if (expiresAt <= seenAt) throw new EvidenceRefused('it would expire before it was collected.');
  if (expiresAt > latestExpiry(seenAt))
    throw new EvidenceRefused('it would stand for more than five years. Give an earlier expiry.');
  const file = end.population;
  const covered = stated.population?.covered ?? file?.covered ?? subjects ?? facts;
  const of = stated.population?.of ?? file?.of;
  return {
    kind: kind.kind,
    source: stated.source ?? end.source ?? kind.title,
    collectedAt: seenAt,
    statedAt,
    expiresAt,
    ceiling: end.ceiling === undefined ? kind.ceiling : weakest(kind.ceiling, end.ceiling),
    population: { covered, of, basis: file?.basis ?? 'subjects' },
  };
}

function whyRefused({ report, facts, end }: Gathered, policy: Importer['onBadRow']): string | undefined {
  if (report.refused > 0 && policy === 'refuse-file')
    return `${report.refused} of ${report.rows} rows can't be read, and a part of this kind of file would say something else than the whole.`;
  if (facts === 0 && report.refused > 0) return 'No row of it can be read.';
  // An empty list is an answer only where it is said of whom.
  if (facts === 0 && end.population === undefined) return 'It holds no facts.';
  return undefined;
}

function reportOf({ report }: Gathered, { head, strays }: OpenedFile, about: About, now: Date): ImportReport {
  const remarks: string[] = [];
  if (strays() > 0 && head.encoding === 'UTF-8')
    remarks.push(`${strays()} rows are not UTF-8 as the rest is: they were read as Windows-1252.`);
  if (report.cutOff) remarks.push('The file stops in the middle of its last row: it may be incomplete.');
  if (about.expiresAt <= now)
    remarks.push('It has expired already: it counts when the past is judged, and not for today.');
  const { covered, of } = about.population;
  if (of !== undefined && covered > of) remarks.push(`It covers ${covered}, and there are said to be ${of}.`);
  return { ...report, encoding: head.encoding, remarks };
}
