import { type AssetKind, type AssetState, type AssetSummary, type Exposure, exposures } from './contract.ts';
import type { Line } from './store-inventory.ts';

const dayMs = 86_400_000;
/** Kinds that machines tell of: for the others nobody's silence means anything. */
const seenKinds: ReadonlySet<AssetKind> = new Set<AssetKind>(['host', 'hypervisor']);

export function stateOf(
  one: Pick<Line, 'kind' | 'retiredAt' | 'seenAt'>,
  now: Date,
  staleAfterDays: number,
): AssetState {
  if (one.retiredAt !== null) return 'retired';
  if (!seenKinds.has(one.kind) || one.seenAt === null) return 'active';
  return now.getTime() - one.seenAt.getTime() > staleAfterDays * dayMs ? 'stale' : 'active';
}

/** When the first of those that are active goes stale; undefined: none does by itself. */
export function staleAt(
  all: Iterable<Pick<Line, 'kind' | 'retiredAt' | 'seenAt'>>,
  now: Date,
  staleAfterDays: number,
): Date | undefined {
  let first = Number.POSITIVE_INFINITY;
  for (const one of all)
    if (one.seenAt !== null && seenKinds.has(one.kind) && stateOf(one, now, staleAfterDays) === 'active')
      first = Math.min(first, one.seenAt.getTime() + staleAfterDays * dayMs + 1);
  return Number.isFinite(first) ? new Date(first) : undefined;
}

export const exposureOf = ({ exposure }: { readonly exposure?: string | undefined }): Exposure | null =>
  exposures.find((one) => one === exposure) ?? null;

export type Around = {
  readonly sources: ReadonlyMap<string, readonly string[]>;
  readonly packages: ReadonlyMap<string, number>;
  readonly dependsOn: ReadonlyMap<string, number>;
  readonly dependedBy: ReadonlyMap<string, number>;
};

export function summary(one: Line, around: Around, now: Date, staleAfterDays: number): AssetSummary {
  const { fields } = one;
  return {
    id: one.id,
    tenancy: one.tenancy,
    environment: one.environment,
    kind: one.kind,
    name: one.name,
    state: stateOf(one, now, staleAfterDays),
    owner: fields.owner ?? null,
    classification: fields.classification ?? null,
    exposure: exposureOf(fields),
    os: [fields.os, fields.osVersion].filter(Boolean).join(' ') || null,
    seenAt: one.seenAt?.toISOString() ?? null,
    sources: [...(around.sources.get(one.id) ?? [])],
    packages: around.packages.get(one.id) ?? 0,
    dependsOn: around.dependsOn.get(one.id) ?? 0,
    dependedBy: around.dependedBy.get(one.id) ?? 0,
  };
}
