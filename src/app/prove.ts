import { assess, assessment, type AssessmentStep, governanceRoutes } from '#governance';
import { recordMaturity } from '#essential-eight';
import { acceptancesOf, recordStandings } from '#governance/controls';
import { evaluateEvidence } from '#governance/evidence';
import { runRisk } from '#governance/risk';
import type { Content } from '#platform/content';
import { startJobs } from '#platform/jobs';
import { z } from 'zod';
import { addAssets, inventoryOf } from './assets.ts';
import { startChores } from './chores.ts';
import { addControls } from './controls.ts';
import type { Core } from './core.ts';
import type { ProveHouse } from './demo/index.ts';
import { addEssentialEight } from './essential-eight.ts';
import { addEvidence } from './evidence.ts';
import { addIsms } from './isms.ts';
import { addReports } from './reports.ts';
import { addRisk } from './risk.ts';
import type { Watch } from './watch.ts';

export type Prove = {
  /** The services, for whoever tells what was before now. */
  readonly house: ProveHouse;
  /** While history is told nothing is assessed as of now: what was found later is never overwritten by what was earlier. */
  readonly inHistory: <T>(work: () => Promise<T>) => Promise<T>;
};

const asked = z.object({ environment: z.string(), revision: z.number() });

/** Opens what proves: assets, evidence, controls, risk, documents, certificates, reports and maturity. Wiring only. */
export async function addProve(core: Core, watch: Watch, content: Content): Promise<Prove> {
  const { http, records, clock, log, opened } = core;
  await http.add(governanceRoutes(core));
  const assets = await addAssets(core, watch.events);
  const isms = await addIsms(core);
  // In this order, each on what the one before found.
  const evidence = await addEvidence(core, watch, {
    inventoryOf: (tx, environment, basis) => inventoryOf(core, tx, environment, basis),
    acceptances: acceptancesOf,
  });
  const controls = await addControls(core, content);
  const essentialEight = await addEssentialEight(core);
  await addReports(core, controls, essentialEight.deps);
  const risk = await addRisk(core, controls.deps);
  const steps: AssessmentStep[] = [evidence.step, controls.step, essentialEight.step, risk.step];
  const deps = { records, now: () => clock.now() };
  let history = Promise.resolve();
  // A runner of their own: an assessment takes seconds, and the chores of the community don't wait for it.
  const jobs = startJobs({
    records,
    clock,
    log,
    handlers: {
      [assessment]: async (payload, signal) => {
        await Promise.race([history, aborted(signal)]);
        signal.throwIfAborted();
        await assess(deps, steps, asked.parse(payload));
      },
    },
    maxAttempts: Number.POSITIVE_INFINITY,
  });
  opened.keep(jobs, (running) => running.stop());
  await startChores(core, { ...evidence.chores, ...controls.chores });
  return {
    house: {
      records,
      clock,
      assets,
      ...isms,
      evidence: evidence.deps,
      controls: controls.deps,
      risk: risk.deps,
      assess: async (then, environment) => {
        await evaluateEvidence({ ...evidence.deps, clock: then }, environment);
        await recordStandings({ ...controls.deps, clock: then }, environment);
        await recordMaturity({ ...essentialEight.deps, clock: then }, environment);
        await runRisk({ ...risk.deps, clock: then }, environment);
      },
    },
    async inHistory(work) {
      const before = history;
      const { promise, resolve } = Promise.withResolvers<void>();
      history = before.then(() => promise);
      try {
        return await work();
      } finally {
        resolve();
      }
    },
  };
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
