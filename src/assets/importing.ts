import { createHash } from 'node:crypto';
import type { Actor } from '#identity';
import { type ImportReport, type importQuery, rowOutcomes } from './contract.ts';
import type { AssetDeps } from './deps.ts';
import { environmentOf, record } from './deps.ts';
import { Invalid } from '#platform/errors';
import { ImportRefused } from './errors.ts';
import { applyPlan } from './apply.ts';
import { keyIndex } from './match.ts';
import { plan } from './plan.ts';
import { type Read, readApart } from './read-apart.ts';
import type { AssetRow, RefusedRow } from './readers/record.ts';
import { insertImport, sameFile } from './store-imports.ts';
import { lockInventory } from './store-inventory.ts';
import { assetsById, keysIn } from './store.ts';
import type { z } from 'zod';

type Query = z.output<typeof importQuery>;
type Row = ImportReport['rows'][number];
/** Of a report's rows; the others are counted. */
const listed = 5000;

/** Carries the report out of a transaction that is to leave nothing behind. */
class NothingWritten extends Error {
  readonly report: ImportReport;
  constructor(report: ImportReport) {
    super('a dry run, or a file with rows that were refused');
    this.report = report;
  }
}

/**
 * Takes a file into a tenancy's inventory: all of its good rows, or nothing. A dry run does the same and leaves nothing. The
 * same file a second time changes nothing.
 * @throws {ImportRefused} when nothing of the file can be taken @throws {NotFound}
 */
export async function importAssets(
  deps: AssetDeps,
  actor: Actor,
  bytes: Uint8Array,
  query: Query,
): Promise<ImportReport> {
  const { scope } = actor;
  const asked = {
    bytes,
    format: query.format,
    source: query.source,
    host: query.host === '' ? undefined : query.host,
    fileName: query.file,
  };
  if (query.source !== undefined && ownSources.has(query.source))
    throw new Invalid(`"${query.source}" is what is said here, and no file's. Name the source otherwise.`);
  // Before the work: a tenancy out of scope is nobody's to import into.
  await deps.records.transaction(scope, (tx) => environmentOf(tx, scope, query.tenancy));
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const read = await (deps.read ?? readApart)(asked);
  try {
    return await write(deps, actor, query, read, sha256);
  } catch (error) {
    if (error instanceof NothingWritten) return error.report;
    throw error;
  }
}

function write(
  deps: AssetDeps,
  actor: Actor,
  query: Query,
  read: Read,
  sha256: string,
): Promise<ImportReport> {
  const { scope } = actor;
  const { tenancy } = query;
  const source = query.source ?? read.format;
  const host = query.host ?? '';
  return deps.records.transaction(scope, async (tx) => {
    const now = deps.clock.now();
    const environment = await environmentOf(tx, scope, tenancy);
    await lockInventory(tx, tenancy);
    const known = await sameFile(tx, tenancy, { source, sha256, host });
    const collectedAt =
      known?.collectedAt ?? (query.collectedAt === undefined ? now : new Date(query.collectedAt));
    if (collectedAt.getTime() > now.getTime() + aheadMs)
      throw new ImportRefused('It is said to be from the future.');
    const { rows, late } = inTime(read.rows, now);
    const index = keyIndex();
    for (const { asset, key } of await keysIn(tx, tenancy)) index.add(asset, [key]);
    const first = plan(rows, index, () => deps.ids.uuid());
    const planned = {
      tenancy,
      environment,
      source,
      format: read.format,
      collectedAt,
      now,
      rows: first,
      index,
    };
    const applied = await applyPlan(tx, scope, planned);
    const report: Row[] = [
      ...[...read.refused, ...late].map(
        (row): Row => ({
          line: row.line,
          name: row.name,
          kind: null,
          outcome: 'refused',
          asset: null,
          why: [...row.why],
        }),
      ),
      ...applied.rows,
    ].sort((a, b) => a.line - b.line);
    await nameThem(report, (ids) => assetsById(tx, scope, ids));
    const counts = Object.fromEntries(rowOutcomes.map((outcome) => [outcome, 0])) as ImportReport['counts']; // each outcome once
    for (const { outcome } of report) counts[outcome]++;
    const refused = counts.refused > 0 && query.skipRefused === 'false';
    const dryRun = query.dryRun === 'true';
    const told: ImportReport = {
      format: read.format,
      source,
      tenancy,
      dryRun,
      applied: !dryRun && !refused,
      collectedAt: collectedAt.toISOString(),
      knownSince: known?.at.toISOString() ?? null,
      counts,
      packages: applied.packages,
      remarks: [...read.remarks],
      // What needs a person comes first where there is more than is listed.
      rows: report.length <= listed ? report : [...report].sort(byNeed).slice(0, listed),
      unlisted: Math.max(0, report.length - listed),
    };
    if (dryRun || refused) throw new NothingWritten(told);
    if (known === undefined || applied.changed) {
      const id = deps.ids.uuid();
      await insertImport(tx, tenancy, {
        id,
        format: read.format,
        source,
        fileName: query.file,
        sha256,
        host,
        collectedAt,
        at: now,
        by: { id: actor.id, name: actor.name },
        counts,
      });
      await record(deps, tx, actor, {
        action: 'asset.imported',
        subject: `asset-import/${id}`,
        tenancy,
        environments: [environment],
        facts: { format: read.format, source, file: query.file, sha256, host, ...counts },
      });
    }
    return told;
  });
}

const ownSources = new Set(['person', 'events']);

/** Clocks differ by some minutes. */
const aheadMs = 10 * 60_000;
function inTime(rows: readonly AssetRow[], now: Date): { rows: AssetRow[]; late: RefusedRow[] } {
  const good: AssetRow[] = [];
  const late: RefusedRow[] = [];
  for (const row of rows)
    if (row.at !== undefined && Date.parse(row.at) > now.getTime() + aheadMs)
      late.push({
        line: row.line,
        name: row.name,
        why: [`It says that it was collected at ${row.at}, which is yet to come.`],
      });
    else good.push(row);
  return { rows: good, late };
}

const need: Readonly<Record<Row['outcome'], number>> = {
  refused: 0,
  ambiguous: 1,
  new: 2,
  merged: 3,
  unchanged: 4,
};
const byNeed = (a: Row, b: Row): number => need[a.outcome] - need[b.outcome] || a.line - b.line;

/** Ids in reasons become `name (id)`. */
async function nameThem(
  report: Row[],
  read: (ids: readonly string[]) => Promise<readonly { id: string; name: string }[]>,
): Promise<void> {
  const pattern = /\b([0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f-]{21}) \(\1\)/g;
  const ids = new Set(
    report.flatMap(({ why }) =>
      why.flatMap((text) => [...text.matchAll(pattern)].map((found) => found[1] ?? '')),
    ),
  );
  if (ids.size === 0) return;
  const names = new Map((await read([...ids])).map(({ id, name }) => [id, name]));
  for (const row of report)
    row.why = row.why.map((text) =>
      text.replaceAll(pattern, (whole, id: string) => (names.has(id) ? `${names.get(id)} (${id})` : whole)),
    );
}
