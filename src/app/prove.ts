import { assess, assessment, type AssessmentStep, governanceRoutes } from '#governance';
import { acceptancesOf } from '#governance/controls';
import { startJobs } from '#platform/jobs';
import { z } from 'zod';
import { addAssets, inventoryOf } from './assets.ts';
import { startChores } from './chores.ts';
import { addControls } from './controls.ts';
import type { Core } from './core.ts';
import { addEssentialEight } from './essential-eight.ts';
import { addEvidence } from './evidence.ts';
import { addIsms } from './isms.ts';
import { addReports } from './reports.ts';
import { addRisk } from './risk.ts';
import type { Watch } from './watch.ts';

const asked = z.object({ environment: z.string(), revision: z.number() });

/** Opens what proves: assets, evidence, controls, risk, documents, certificates, reports and maturity. Wiring only. */
export async function addProve(core: Core, watch: Watch): Promise<void> {
  const { http, records, clock, log, opened } = core;
  await http.add(governanceRoutes(core));
  await addAssets(core, watch.events);
  await addIsms(core);
  // In this order, each on what the one before found.
  const evidence = await addEvidence(core, watch, {
    inventoryOf: (tx, environment, basis) => inventoryOf(core, tx, environment, basis),
    acceptances: acceptancesOf,
  });
  const controls = await addControls(core);
  const essentialEight = await addEssentialEight(core);
  await addReports(core, controls.deps, essentialEight.deps);
  const risk = await addRisk(core, controls.deps);
  const steps: AssessmentStep[] = [evidence.step, controls.step, essentialEight.step, risk.step];
  const deps = { records, now: () => clock.now() };
  // A runner of their own: an assessment takes seconds, and the chores of the community don't wait for it.
  const jobs = startJobs({
    records,
    clock,
    log,
    handlers: { [assessment]: (payload) => assess(deps, steps, asked.parse(payload)) },
    maxAttempts: Number.POSITIVE_INFINITY,
  });
  opened.keep(jobs, (running) => running.stop());
  await startChores(core, { ...evidence.chores, ...controls.chores });
}
