import { type Asset, assetsOf, edgesOf } from '#assets';
import { directory } from '#community';
import { loadTable, strategies, type StrategyId } from '#essential-eight';
import type { AssessmentStep } from '#governance';
import { bearingOffice, type ControlDeps, holdToCeilings, standingsOf } from '#governance/controls';
import { judgementsOf } from '#governance/evidence';
import { type RiskDeps, riskRoutes, RiskThread, runRisk, type Safeguard } from '#governance/risk';
import { type Scope, scopeOf, tenancyId } from '#platform/scope';
import { exploitsSeen } from '#soc/triage';
import type { Tx } from '#platform/records';
import type { Core } from './core.ts';

/**
 * Which attacks a strategy works against. Patching closes findings, and does nothing against one that is open; backups
 * stop no attack, and what they save is not modelled.
 */
const against: Readonly<Record<StrategyId, Safeguard['against']>> = {
  'patch-applications': [],
  'patch-operating-systems': [],
  'multi-factor-authentication': ['credential', 'identity'],
  'restrict-administrative-privileges': ['credential', 'admin'],
  'application-control': ['exploit'],
  'restrict-microsoft-office-macros': [],
  'user-application-hardening': ['exploit', 'misconfiguration'],
  'regular-backups': [],
};

/** The risk of each system: its routes and its step of the assessment, which comes after how controls stand. */
export async function addRisk(
  core: Core,
  controlDeps: ControlDeps,
): Promise<{ deps: RiskDeps; step: AssessmentStep }> {
  const { controls } = loadTable(core.root);
  const controlsOf = (strategy: StrategyId): string[] =>
    controls.filter((control) => control.strategies.includes(strategy)).map(({ id }) => id);
  const thread = new RiskThread();
  core.opened.keep(thread, (running) => running.close());
  const deps: RiskDeps = {
    records: core.records,
    clock: core.clock,
    ids: core.ids,
    ledger: core.ledger,
    log: core.log,
    thread,
    inventory,
    standings: standingsOf,
    judgements: judgementsOf,
    holdToCeilings: (environment, residuals) => holdToCeilings(controlDeps, environment, residuals),
    bearingOffice,
    seenExploits: async (tx, environment, since) => {
      const scope = await tenanciesOf(tx, environment);
      return scope === undefined ? [] : exploitsSeen(tx, scope, since);
    },
    safeguards: strategies
      .filter(({ id }) => against[id].length > 0)
      .map(({ id, title }) => ({
        id,
        title,
        controls: controlsOf(id),
        against: against[id],
      })),
    patching: [...new Set([...controlsOf('patch-applications'), ...controlsOf('patch-operating-systems')])],
  };
  await core.http.add(riskRoutes(deps));
  return { deps, step: async (environment) => void (await runRisk(deps, environment)) };
}

async function tenanciesOf(tx: Tx, environment: string): Promise<Scope | undefined> {
  const { tenancies } = await directory.facts(tx);
  return scopeOf(tenancies.filter((one) => one.environment === environment).map(({ id }) => tenancyId(id)));
}

/** Of every tenancy of the environment: a customer's information stands on the provider's hosts. */
async function inventory(
  tx: Tx,
  environment: string,
): Promise<{ assets: readonly Asset[]; edges: Awaited<ReturnType<typeof edgesOf>> }> {
  const scope = await tenanciesOf(tx, environment);
  if (scope === undefined) return { assets: [], edges: { dependencies: [], gates: [], reaches: [] } };
  return { assets: await assetsOf(tx, scope), edges: await edgesOf(tx, scope) };
}
