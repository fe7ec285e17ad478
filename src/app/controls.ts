import type { AssessmentStep } from '#governance';
import {
  type ControlDeps,
  controlRoutes,
  lapseExceptions,
  recordStandings,
  standingsOf,
} from '#governance/controls';
import { frameworkRoutes } from '#governance/frameworks';
import type { Chore } from './chores.ts';
import type { Content } from '#platform/content';
import type { Core } from './core.ts';
import { shipFrameworks, type ShippedResponsibility } from './ship-frameworks.ts';

/** Frameworks and controls: their routes, their step of the assessment and their chores. */
export async function addControls(
  core: Core,
  content: Content,
): Promise<{
  deps: ControlDeps;
  responsibilities: ReadonlyMap<string, ShippedResponsibility>;
  step: AssessmentStep;
  chores: Readonly<Record<string, Chore>>;
}> {
  const { http, records, clock, ids, ledger } = core;
  const responsibilities = await shipFrameworks({ ...core, content });
  const deps: ControlDeps = {
    records,
    clock,
    ids,
    ledger,
    content,
    standings: standingsOf,
    responsibilities,
  };
  await http.add(frameworkRoutes(deps));
  await http.add(controlRoutes(deps));
  return {
    deps,
    responsibilities,
    step: async (environment) => void (await recordStandings(deps, environment)),
    chores: { 'controls.time': { everySeconds: 30, run: () => lapseExceptions(deps) } },
  };
}
