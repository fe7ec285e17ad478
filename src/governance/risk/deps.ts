import type { Asset, AssetEdges } from '#assets';
import type { ControlJudgement } from '#governance/evidence';
import type { Residual, Standing } from '#governance/controls';
import type { System } from '#governance';
import type { Actor } from '#identity';
import type { Ledger } from '#ledger';
import type { Clock } from '#platform/clock';
import type { Ids } from '#platform/ids';
import type { Records, Tx } from '#platform/records';
import type { Safeguard } from './inputs.ts';
import type { SeenExploits } from './seen.ts';
import type { RiskThread } from './thread.ts';

export type RiskDeps = {
  readonly records: Records;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly ledger: Ledger;
  readonly thread: Pick<RiskThread, 'evaluate' | 'whatIf'>;
  /** The assets and edges of every tenancy of the environment. */
  readonly inventory: (
    tx: Tx,
    environment: string,
  ) => Promise<{ assets: readonly Asset[]; edges: AssetEdges }>;
  readonly standings: (tx: Tx, environment: string, now: Date) => Promise<readonly Standing[]>;
  readonly judgements: (
    tx: Tx,
    environment: string,
    now: Date,
  ) => Promise<ReadonlyMap<string, readonly ControlJudgement[]>>;
  /** What our own detections tell of exploits on hosts of the environment, since a moment. */
  readonly seenExploits: SeenExploits;
  /** What protects, and which controls it is made of. */
  readonly safeguards: readonly Safeguard[];
  /** Controls that say how soon vulnerabilities are closed. */
  readonly patching: readonly string[];
  /** Ends what was accepted of a control where the risk that is left with it is above the ceiling. */
  readonly holdToCeilings: (
    environment: string,
    residuals: ReadonlyMap<string, Residual>,
  ) => Promise<unknown>;
  /** The office by which somebody can bear a risk for the provider of a system; null for none. */
  readonly bearingOffice: (tx: Tx, actor: Actor, system: System, at: Date) => Promise<string | null>;
  readonly log: { info(facts: object, message: string): void };
};

export const byOf = ({ kind, id, name }: Actor) => ({ kind, id, name });
export const systemBy = { kind: 'system', id: 'system', name: 'risk' } as const;
