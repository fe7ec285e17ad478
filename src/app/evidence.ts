import { join } from 'node:path';
import {
  collectOwn,
  evaluateEvidence,
  type EvidenceDeps,
  evidenceRoutes,
  ownEvaluators,
  passEvidenceTime,
  readerApart,
  sweepFiles,
} from '#governance/evidence';
import { essentialEightEvaluators, loadTable } from '#essential-eight';
import { documentEvaluators } from '#governance/policies';
import { directory } from '#community';
import { providersPeopleWho } from '#identity';
import type { AssessmentStep } from '#governance';
import type { Chore } from './chores.ts';
import type { Core } from './core.ts';
import { essentialEightCollectors } from './essential-eight-evidence.ts';
import { evidenceImporters, evidenceKinds } from './evidence-reading/kinds.ts';
import { documentCollectors } from './isms.ts';
import { ownCollectors } from './own-evidence.ts';
import type { Watch } from './watch.ts';

export type EvidencePorts = Pick<EvidenceDeps, 'inventoryOf' | 'acceptances'>;

/** Evidence, its routes, its step of the assessment and its chores. */
export async function addEvidence(
  core: Core,
  watch: Pick<Watch, 'sources' | 'rules' | 'events'>,
  ports: EvidencePorts,
): Promise<{ deps: EvidenceDeps; step: AssessmentStep; chores: Readonly<Record<string, Chore>> }> {
  const { http, records, clock, ids, ledger, log, data, root } = core;
  const deps: EvidenceDeps = {
    records,
    clock,
    ids,
    ledger,
    log,
    folder: join(data, 'evidence'),
    kinds: evidenceKinds,
    importers: evidenceImporters,
    readApart: readerApart(new URL('./evidence-reading/worker.ts', import.meta.url)),
    evaluators: [...ownEvaluators, ...documentEvaluators, ...essentialEightEvaluators(loadTable(root))],
    ...ports,
    people: (tx) => providersPeopleWho(tx, directory, 'governance.read'),
  };
  await http.add(evidenceRoutes(deps));
  const collectors = [
    ...ownCollectors(core, watch),
    ...documentCollectors(core),
    ...essentialEightCollectors({ ...core, ...watch }),
  ];
  return {
    deps,
    step: async (environment) => void (await evaluateEvidence(deps, environment)),
    chores: {
      'evidence.collect': { everySeconds: 60, run: () => collectOwn(deps, collectors) },
      'evidence.time': { everySeconds: 30, run: () => passEvidenceTime(deps) },
      'evidence.sweep': { everySeconds: 86_400, run: () => sweepFiles(deps) },
    },
  };
}
