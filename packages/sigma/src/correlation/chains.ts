import type { RuleFault } from '../faults.ts';
import type { CorrelationRule } from './rule.ts';

/** A correlation of correlations of … : deeper is refused, since every level multiplies the work of one event. */
const maxDepth = 8;

/**
 * Leaves out correlations that refer to themselves over others, or to a correlation that is left out, and says why.
 * @returns inner before outer
 */
export function resolveChains(
  parsed: readonly CorrelationRule[],
  ruleIds: ReadonlySet<string>,
): { correlations: readonly CorrelationRule[]; faults: readonly RuleFault[] } {
  const resolved = new Set(ruleIds);
  const correlations: CorrelationRule[] = [];
  let waiting = parsed;
  for (let depth = 1; depth <= maxDepth && waiting.length > 0; depth++) {
    const ready = waiting.filter(({ members }) => members.every(({ id }) => resolved.has(id)));
    if (ready.length === 0) break;
    waiting = waiting.filter((one) => !ready.includes(one));
    correlations.push(...ready);
    for (const { id } of ready) resolved.add(id);
  }
  const left = new Map(waiting.map((one) => [one.id, one]));
  const faults = waiting.map(
    ({ id, file, line }): RuleFault => ({
      file,
      line,
      ruleId: id,
      what: 'correlation',
      why: whyLeft(id, left, resolved),
    }),
  );
  return { correlations, faults };
}

function whyLeft(
  id: string,
  left: ReadonlyMap<string, CorrelationRule>,
  resolved: ReadonlySet<string>,
): string {
  const circle = circleThrough(id, left);
  if (circle)
    return `The correlations ${circle.map((one) => `'${one}'`).join(', ')} refer to each other in a circle.`;
  const missing = left.get(id)?.members.find((member) => !resolved.has(member.id) && !left.has(member.id));
  if (missing) return `It refers to the correlation '${missing.id}', which is not active.`;
  return `It refers to a correlation that is not active, or is a chain of more than ${maxDepth}.`;
}

/** Breadth first, so that the circle named is a short one; bounded, since rule sets are foreign. */
function circleThrough(
  id: string,
  left: ReadonlyMap<string, CorrelationRule>,
): readonly string[] | undefined {
  const paths: (readonly string[])[] = [[id]];
  const seen = new Set<string>();
  for (let at = 0; at < paths.length && at < 1000; at++) {
    const path = paths[at] ?? [];
    for (const member of left.get(path.at(-1) ?? '')?.members ?? []) {
      if (member.id === id) return path;
      if (seen.has(member.id) || !left.has(member.id)) continue;
      seen.add(member.id);
      paths.push([...path, member.id]);
    }
  }
  return undefined;
}
