import {
  type EssentialEightDeps,
  essentialEightRoutes,
  loadTable,
  recordMaturity,
  standingAlone,
} from '#essential-eight';
import type { AssessmentStep } from '#governance';
import { standingsOf } from '#governance/controls';
import { judgementsOf } from '#governance/evidence';
import { controlListOf } from '#governance/frameworks';
import type { Core } from './core.ts';

/** Maturity: its routes and its step of the assessment, which goes by how the controls stand. */
export async function addEssentialEight(
  core: Core,
): Promise<{ deps: EssentialEightDeps; step: AssessmentStep }> {
  const table = loadTable(core.root);
  const deps: EssentialEightDeps = {
    records: core.records,
    clock: core.clock,
    ledger: core.ledger,
    table,
    standingsOf: async (tx, environment, now) => {
      const all = await standingsOf(tx, environment, now);
      const there = new Set(all.map(({ control }) => control));
      const missing = table.controls.filter(({ id }) => !there.has(id));
      if (missing.length === 0) return all;
      // The catalogue of these controls isn't ours to ship: until it is imported, evidence speaks alone.
      const judged = await judgementsOf(tx, environment, now);
      return [...all, ...missing.map(({ id }) => standingAlone(id, judged.get(id) ?? []))];
    },
    catalogueLevels: async (tx, environment) =>
      new Map((await controlListOf(tx, environment)).map(({ id, e8Levels }) => [id, e8Levels])),
  };
  await core.http.add(essentialEightRoutes(deps));
  return { deps, step: (environment) => recordMaturity(deps, environment) };
}
