import { systemOf } from '#governance';
import { receiptFile } from '#ledger';
import { AppError } from '#platform/errors';
import type { Handler } from '#platform/jobs';
import { systemAccess } from '#platform/scope';
import { z } from 'zod';
import type { ReportsDeps } from './deps.ts';
import { bundle, proofsOf, sha256 } from './pack/bundle.ts';
import { kindOf, stateNow } from './service.ts';
import { endReport, keepMade, madeBefore, moveOn, type ReportRow, reportRow } from './store.ts';
import { compare, stateSummary, summaryOf } from './summary.ts';

const access = systemAccess('make a report');
const payload = z.object({ report: z.string() });
const millisecondsBetweenNotes = 250;

class Cancelled extends Error {}

/** Makes what was asked for. Run twice for one report, it is made once: the row says where it stands. */
export const makeReport =
  (deps: ReportsDeps): Handler =>
  async (given, signal) => {
    const { report: id } = payload.parse(given);
    const row = await deps.records.transaction(access, (tx) => reportRow(tx, access, id));
    if (row === undefined || (row.state !== 'waiting' && row.state !== 'making')) return;
    try {
      await make(deps, row, signal);
    } catch (error) {
      if (error instanceof Cancelled) return;
      // Stopping is no failure: it is made after the next start.
      if (signal.aborted) throw error;
      deps.log.warn({ err: error, reportId: id, kind: row.kind }, 'a report could not be made');
      const told =
        error instanceof AppError
          ? error.message
          : 'Something went wrong while it was made. The log of the server says what.';
      await deps.records.transaction(access, (tx) => endReport(tx, id, 'failed', deps.clock.now(), told));
    }
  };

async function make(deps: ReportsDeps, row: ReportRow, signal: AbortSignal): Promise<void> {
  const { records, clock, ledger } = deps;
  const { id, environment, about } = row;
  const kind = kindOf(deps, row.kind);
  let last = 0;
  const progress = async (part: number, step: string): Promise<void> => {
    signal.throwIfAborted();
    const now = performance.now();
    if (part > 0 && part < 1 && now - last < millisecondsBetweenNotes) return;
    last = now;
    if (!(await records.transaction(access, (tx) => moveOn(tx, id, part, step)))) throw new Cancelled();
  };
  await progress(0, 'Reading how everything stands');
  const system = await records.transaction(access, (tx) => systemOf(tx, access, environment));
  const state = await stateNow(deps, system);
  const previous = await records.transaction(access, (tx) => madeBefore(tx, access, row, state.at));
  const summary = summaryOf(state);
  const before = previous === undefined ? undefined : stateSummary.safeParse(previous.summary);
  // What a customer gets rests on evidence that is the provider's to show.
  const shown = about === null ? state : { ...state, collections: [] };
  // Collected once: what the documents point to is what the archive holds.
  const proofs = await proofsOf(
    {
      proof: async (entry) => {
        const receipt = await ledger.receipt(entry);
        return receipt && receiptFile(receipt);
      },
    },
    shown,
  );
  const files = await kind.make({
    state,
    tenancy: state.tenancies.find((one) => one.id === about),
    changes: before?.success === true ? compare(before.data, summary) : null,
    proven: new Set(proofs.keys()),
    progress,
  });
  last = 0;
  await progress(0.9, 'Signing it');
  const made = await bundle(
    { ...deps.signing, proof: async (entry) => proofs.get(entry) },
    shown,
    {
      id,
      kind: row.kind,
      madeBy: row.askedBy,
      previous: previous === undefined ? null : { id: previous.id, sha256: previous.sha256 },
    },
    files,
  );
  const digest = sha256(made.bytes);
  const main = files.find(({ path }) => path === kind.main);
  await records.transaction(access, async (tx) => {
    const entry = await ledger.record(tx, {
      actor: { kind: 'user', id: row.askedById, name: row.askedBy },
      action: 'report.made',
      subject: `report/${id}`,
      tenancy: row.tenancy,
      facts: {
        environment,
        kind: row.kind,
        about,
        asAt: state.at.toISOString(),
        edition: state.framework.edition,
        sha256: digest,
        manifest: made.digest,
      },
    });
    const kept = await keepMade(tx, id, {
      endedAt: clock.now(),
      asAt: state.at,
      edition: state.framework.edition,
      file:
        main === undefined
          ? { path: '', bytes: made.bytes.length, sha256: digest }
          : { path: main.path, bytes: main.bytes.length, sha256: sha256(main.bytes) },
      bundle: made.bytes,
      bundleSha256: digest,
      collections: made.manifest.evidence.length,
      proven: made.manifest.evidence.filter(({ proof }) => proof !== null).length,
      summary,
      ledgerEntry: entry.id,
    });
    // Cancelled in the last moment: neither the file nor the entry stays.
    if (!kept) throw new Cancelled();
  });
}
