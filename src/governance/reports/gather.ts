import type { System } from '#governance';
import type { Tx } from '#platform/records';
import type {
  AssetSummary,
  CertificateState,
  DocumentState,
  MaturityState,
  RiskState,
  SystemState,
} from './state.ts';

/** Where each part of a system's state is asked for. All of them are asked in one transaction, at one moment. */
export type StateSources = {
  readonly controls: (
    tx: Tx,
    system: System,
    now: Date,
  ) => Promise<Pick<SystemState, 'framework' | 'controls' | 'exceptions' | 'mapped'> | undefined>;
  readonly evidence: (
    tx: Tx,
    system: System,
    now: Date,
  ) => Promise<Pick<SystemState, 'collections' | 'findings'>>;
  readonly community: (
    tx: Tx,
    system: System,
  ) => Promise<
    Pick<SystemState, 'services' | 'tenancies'> & { readonly provider: { id: string; name: string } }
  >;
  readonly maturity: (tx: Tx, system: System, now: Date) => Promise<MaturityState | null>;
  readonly risks: (tx: Tx, system: System, now: Date) => Promise<readonly RiskState[]>;
  readonly certificates: (tx: Tx, system: System, now: Date) => Promise<readonly CertificateState[]>;
  readonly documents: (tx: Tx, system: System, now: Date) => Promise<readonly DocumentState[]>;
  readonly assets: (tx: Tx, system: System, now: Date) => Promise<AssetSummary | null>;
};

/** @returns undefined where no framework is active: there is nothing to report on */
export async function gather(
  tx: Tx,
  sources: StateSources,
  system: System,
  now: Date,
): Promise<SystemState | undefined> {
  const controls = await sources.controls(tx, system, now);
  if (controls === undefined || controls.controls.length === 0) return undefined;
  const { provider, services, tenancies } = await sources.community(tx, system);
  return {
    at: now,
    system: { ...system, provider },
    ...controls,
    ...(await sources.evidence(tx, system, now)),
    services,
    tenancies,
    maturity: await sources.maturity(tx, system, now),
    risks: await sources.risks(tx, system, now),
    certificates: await sources.certificates(tx, system, now),
    documents: await sources.documents(tx, system, now),
    assets: await sources.assets(tx, system, now),
  };
}
