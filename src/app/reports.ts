import type { EssentialEightDeps } from '#essential-eight';
import { takeIn } from '#governance/controls';
import { making, makeReport, oscalFiles, reportRoutes, type ReportsDeps } from '#governance/reports';
import { startJobs } from '#platform/jobs';
import { countersignerOf } from './agreements.ts';
import type { addControls } from './controls.ts';
import type { Core } from './core.ts';
import { ledgerKeysOf } from './ledger-log.ts';
import { reportSources } from './report-sources.ts';

/** What leaves as documents, and the annexes that come back. */
export async function addReports(
  core: Core,
  {
    deps: controls,
    responsibilities,
  }: Pick<Awaited<ReturnType<typeof addControls>>, 'deps' | 'responsibilities'>,
  essentialEight: EssentialEightDeps,
): Promise<void> {
  const { http, records, clock, ids, ledger, log, opened } = core;
  const deps: ReportsDeps = {
    records,
    clock,
    ids,
    ledger,
    log,
    sources: reportSources(essentialEight, responsibilities),
    oscal: oscalFiles,
    signing: {
      signer: await countersignerOf(core),
      ledgerKeys: ledgerKeysOf(core).signers.map(({ verifier }) => verifier.vkey),
    },
    answer: async (actor, environment, answers, options) => {
      const given = answers.map(({ control, row }) => ({
        control: control.id,
        // How a control stands may follow from evidence: only a cell that was changed is somebody's word.
        status: row.status === control.status ? undefined : row.status,
        responsible: row.responsibleEntity,
        narrative: row.comments,
      }));
      const { report } = await takeIn(controls, actor, environment, given, options);
      return report.flatMap(({ outcome, control, why }) => (outcome === 'refused' ? [{ control, why }] : []));
    },
  };
  await http.add(reportRoutes(deps));
  // A runner of their own: a pack takes seconds, and nothing else waits for it.
  const jobs = startJobs({ records, clock, log, handlers: { [making]: makeReport(deps) } });
  opened.keep(jobs, (running) => running.stop());
}
