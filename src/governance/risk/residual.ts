import { type AttackKind, cellsOf, type Rating, reachId, type RiskModel } from '@ironbark/risk';
import type { Residual } from '#governance/controls';
import type { RiskResultView } from './contract.ts';
import type { Safeguard } from './inputs.ts';
import { bandOfOutcome } from './results.ts';

const levels = {
  Low: 'low',
  Medium: 'medium',
  High: 'high',
  Extreme: 'extreme',
} as const satisfies Record<Rating, Residual['level']>;
/** What closes findings is no safeguard of the model; here it goes by this name. */
const patched = 'patching-closes-findings';
const order: readonly Rating[] = ['Low', 'Medium', 'High', 'Extreme'];

/**
 * The risk that is left with each control as it stands: of the outcomes that are explained, those whose ways lead through
 * an attack that the control's measure works against (for controls of patching: that begin with an open vulnerability);
 * the highest upper end of their intervals, and their highest rating.
 * A control that is part of no measure, or that no way leads past, is not in it: nothing was measured for it.
 */
export function residualsOf(
  model: Pick<RiskModel, 'reach'>,
  result: RiskResultView,
  { safeguards, patching }: { safeguards: readonly Safeguard[]; patching: readonly string[] },
): ReadonlyMap<string, Required<Residual>> {
  const kinds = new Map((model.reach ?? []).map((edge) => [reachId(edge), edge.kind]));
  const worst = new Map<string, { high: number; rating: Rating }>();
  const all = [...safeguards, { id: patched, controls: patching, against: [] }];
  for (const { asset, dimension, sets } of result.causes) {
    const outcome = result.outcomes.find((one) => one.asset === asset && one.dimension === dimension);
    if (outcome === undefined) continue;
    const rating = cellsOf(outcome.low, outcome.high, bandOfOutcome(outcome, result)).highRating;
    const roots = sets.flatMap((set) => set.roots);
    const passed = new Set(roots.flatMap(({ controls }) => controls));
    if (roots.some(({ kind }) => kind === 'finding')) passed.add(patched);
    const stepped = new Set<AttackKind | undefined>(
      sets.flatMap(({ steps }) =>
        steps.flatMap(({ how, edge }) => (how === 'reach' ? [kinds.get(edge)] : [])),
      ),
    );
    for (const { id, against } of all) {
      if (!passed.has(id) && !against.some((kind) => stepped.has(kind))) continue;
      const before = worst.get(id);
      worst.set(id, {
        high: Math.max(before?.high ?? 0, outcome.high),
        rating: higher(before?.rating ?? 'Low', rating),
      });
    }
  }
  const residuals = new Map<string, Required<Residual>>();
  for (const { id, controls } of all) {
    const found = worst.get(id);
    if (found === undefined) continue;
    for (const control of controls) {
      const before = residuals.get(control);
      const rating = higher(found.rating, before === undefined ? 'Low' : ratingNamed(before.level));
      residuals.set(control, {
        probability: Math.max(found.high, before?.probability ?? 0),
        level: levels[rating],
      });
    }
  }
  return residuals;
}

const higher = (a: Rating, b: Rating): Rating => (order.indexOf(a) >= order.indexOf(b) ? a : b);
const ratingNamed = (level: Required<Residual>['level']): Rating =>
  order.find((rating) => levels[rating] === level) ?? 'Low';
