import { type System, systemOf } from '#governance';
import type { Actor } from '#identity';
import { NotFound } from '#platform/errors';
import { enqueue } from '#platform/jobs';
import { covers, systemAccess, tenancyId } from '#platform/scope';
import type { Preview, ReportChanges, ReportInput, ReportKind, ReportView } from './contract.ts';
import { coverageOf } from './coverage.ts';
import type { ReportsDeps } from './deps.ts';
import { ReportNotReady, ReportRefused } from './errors.ts';
import { gather } from './gather.ts';
import { type Kind, reportKinds } from './kinds.ts';
import { readBundle } from './pack/read.ts';
import { countStatuses, type SystemState } from './state.ts';
import {
  bundleOf,
  endReport,
  insertReport,
  type ReportRow,
  reportRow,
  reportRows,
  summaryRow,
} from './store.ts';
import { compare, stateSummary } from './summary.ts';

/** The job that makes a report. */
export const making = 'governance.report';
const mostListed = 500;
const previewLines = 60;

export function kindOf(deps: Pick<ReportsDeps, 'oscal'>, kind: ReportKind): Kind {
  const found = reportKinds(deps.oscal).find((one) => one.kind === kind);
  if (found === undefined) throw new NotFound('kind of report', kind);
  return found;
}

/**
 * The system a report is asked of. A customer's people reach it only for a report about their own tenancy, of a kind that
 * is theirs to have. @throws {NotFound} for whom it does not concern
 */
async function asked(
  deps: ReportsDeps,
  actor: Actor,
  { environment, kind, tenancy }: ReportInput,
): Promise<{ readonly system: System; readonly kind: Kind; readonly tenancy: string | null }> {
  const found = kindOf(deps, kind);
  const about = found.forCustomers ? tenancy : null;
  if (about !== null && !covers(actor.scope, tenancyId(about))) throw new NotFound('tenancy', about);
  const access = about === null ? actor.scope : systemAccess('report on a system to its customer');
  const system = await deps.records.transaction(access, (tx) => systemOf(tx, access, environment));
  return { system, kind: found, tenancy: about };
}

/** Everything about the system, at this moment. @throws {ReportRefused} where there is nothing to report on */
export async function stateNow(deps: ReportsDeps, system: System): Promise<SystemState> {
  const now = deps.clock.now();
  const access = systemAccess(`report on ${system.environment}`);
  const state = await deps.records.transaction(access, (tx) => gather(tx, deps.sources, system, now));
  if (state === undefined)
    throw new ReportRefused(
      'The system is assessed against nothing yet. Import a framework and activate it in this environment.',
    );
  return state;
}

/** What a report would contain. @throws {NotFound} {ReportRefused} */
export async function previewReport(deps: ReportsDeps, actor: Actor, input: ReportInput): Promise<Preview> {
  const { system, kind, tenancy } = await asked(deps, actor, input);
  const state = await stateNow(deps, system);
  const coverage = coverageOf(state);
  const customer = tenancy !== null && !covers(actor.scope, tenancyId(system.tenancy));
  return {
    title: kind.title,
    files: [...kind.files],
    asAt: state.at.toISOString(),
    edition: `${state.framework.title}, ${state.framework.edition}`,
    profile: state.framework.profile,
    controls: coverage.controls,
    byEvidence: coverage.byEvidence,
    byAnswer: coverage.byAnswer,
    unknown: coverage.unknown,
    notApplicable: coverage.notApplicable,
    counts: countStatuses(state.controls),
    collections: state.collections.length,
    recorded: state.collections.filter(({ ledgerId }) => ledgerId !== null).length,
    // Evidence and its gaps are the provider's to read.
    notSeen: customer ? [] : coverage.statements.slice(1, 1 + previewLines).map((one) => ({ ...one })),
  };
}

/** Puts a report down to be made. @throws {NotFound} {ReportRefused} */
export async function askForReport(deps: ReportsDeps, actor: Actor, input: ReportInput): Promise<ReportView> {
  const { system, kind, tenancy } = await asked(deps, actor, input);
  const state = await stateNow(deps, system);
  const lacks = kind.lacks(state);
  if (lacks !== undefined) throw new ReportRefused(lacks);
  if (tenancy !== null && !state.tenancies.some(({ id }) => id === tenancy))
    throw new NotFound('tenancy', tenancy);
  const now = deps.clock.now();
  const id = deps.ids.uuid();
  return deps.records.transaction(systemAccess('ask for a report'), async (tx) => {
    const one = {
      id,
      environment: system.environment,
      tenancy: tenancy ?? system.tenancy,
      kind: kind.kind,
      about: tenancy,
      askedById: actor.id,
      askedBy: actor.name,
      askedAt: now,
    };
    await insertReport(tx, one);
    await enqueue(tx, { kind: making, key: id, payload: { report: id }, runAt: now });
    await deps.ledger.record(tx, {
      actor,
      action: 'report.asked',
      subject: `report/${id}`,
      tenancy: one.tenancy,
      facts: { environment: one.environment, kind: one.kind, about: tenancy },
    });
    const row = await reportRow(tx, systemAccess('ask for a report'), id);
    if (row === undefined) throw new NotFound('report', id);
    return view(deps, row);
  });
}

export function listReports(
  deps: ReportsDeps,
  actor: Actor,
  environment: string | undefined,
): Promise<ReportView[]> {
  return deps.records.transaction(actor.scope, async (tx) =>
    (await reportRows(tx, actor.scope, { environment, most: mostListed })).map((row) => view(deps, row)),
  );
}

/** @throws {NotFound} */
export async function showReport(deps: ReportsDeps, actor: Actor, id: string): Promise<ReportView> {
  return view(deps, await mine(deps, actor, id));
}

/** Stops it where it is still being made. @throws {NotFound} {ReportNotReady} where it has come to an end */
export async function cancelReport(deps: ReportsDeps, actor: Actor, id: string): Promise<ReportView> {
  return deps.records.transaction(actor.scope, async (tx) => {
    const row = await reportRow(tx, actor.scope, id);
    if (row === undefined) throw new NotFound('report', id);
    if (!(await endReport(tx, id, 'cancelled', deps.clock.now(), null)))
      throw new ReportNotReady(id, row.state);
    await deps.ledger.record(tx, {
      actor,
      action: 'report.cancelled',
      subject: `report/${id}`,
      tenancy: row.tenancy,
      facts: { environment: row.environment, kind: row.kind },
    });
    return view(deps, { ...row, state: 'cancelled', endedAt: deps.clock.now(), step: '' });
  });
}

export type Download = { readonly name: string; readonly media: string; readonly bytes: Buffer };
const media = {
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  pdf: 'application/pdf',
  zip: 'application/zip',
} as const;

/** @param what the file by itself, or the archive with its proofs @throws {NotFound} {ReportNotReady} */
export async function downloadReport(
  deps: ReportsDeps,
  actor: Actor,
  id: string,
  what: 'file' | 'bundle',
): Promise<Download> {
  const row = await mine(deps, actor, id);
  const bundle = await deps.records.transaction(actor.scope, (tx) => bundleOf(tx, actor.scope, id));
  if (bundle === undefined) throw new ReportNotReady(id, row.state);
  const kind = kindOf(deps, row.kind);
  if (what === 'bundle' || kind.main === null)
    return { name: nameOf(row, 'zip'), media: media.zip, bytes: bundle };
  const files = await readBundle(bundle);
  const file = files.find(({ path }) => path === kind.main);
  if (file === undefined) throw new ReportNotReady(id, 'without its file');
  return { name: nameOf(row, kind.format), media: media[kind.format], bytes: Buffer.from(file.bytes) };
}

/** What is otherwise in this report than in an earlier one of the same system. @throws {NotFound} {ReportNotReady} */
export async function reportChangesSince(
  deps: ReportsDeps,
  actor: Actor,
  id: string,
  since: string,
): Promise<ReportChanges> {
  const [after, before] = [await mine(deps, actor, id), await mine(deps, actor, since)];
  if (after.environment !== before.environment) throw new NotFound('report', since);
  const summary = async (row: ReportRow) => {
    const kept = await deps.records.transaction(actor.scope, (tx) => summaryRow(tx, actor.scope, row.id));
    if (kept === undefined) throw new ReportNotReady(row.id, row.state);
    return stateSummary.parse(kept);
  };
  const { status, reworded, added, removed, opened, closed, ...rest } = compare(
    await summary(before),
    await summary(after),
  );
  return {
    ...rest,
    status: [...status],
    reworded: [...reworded],
    added: [...added],
    removed: [...removed],
    opened: [...opened],
    closed: [...closed],
  };
}

async function mine(deps: ReportsDeps, actor: Actor, id: string): Promise<ReportRow> {
  const row = await deps.records.transaction(actor.scope, (tx) => reportRow(tx, actor.scope, id));
  if (row === undefined) throw new NotFound('report', id);
  return row;
}

/** 'odce-ssp-annex-2026-11-20.xlsx' */
const nameOf = ({ environment, kind, about, asAt, askedAt }: ReportRow, extension: string): string =>
  `${about ?? environment}-${kind}-${(asAt ?? askedAt).toISOString().slice(0, 10)}.${extension}`;

function view(deps: ReportsDeps, row: ReportRow): ReportView {
  const kind = kindOf(deps, row.kind);
  return {
    id: row.id,
    environment: row.environment,
    kind: row.kind,
    tenancy: row.about,
    title: kind.title,
    state: row.state,
    progress: row.progress,
    step: row.step,
    askedBy: row.askedBy,
    askedAt: row.askedAt.toISOString(),
    endedAt: row.endedAt?.toISOString() ?? null,
    asAt: row.asAt?.toISOString() ?? null,
    edition: row.edition,
    file:
      row.fileSha256 === null || row.fileBytes === null
        ? null
        : { name: nameOf(row, kind.format), bytes: row.fileBytes, sha256: row.fileSha256 },
    bundle:
      row.bundleSha256 === null || row.bundleBytes === null
        ? null
        : { name: nameOf(row, 'zip'), bytes: row.bundleBytes, sha256: row.bundleSha256 },
    evidence:
      row.collections === null || row.proven === null
        ? null
        : { collections: row.collections, proven: row.proven },
    ledgerEntry: row.ledgerEntry,
    error: row.error,
  };
}
