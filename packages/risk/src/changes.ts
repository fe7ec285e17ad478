import { type Change, changesTo } from './elements.ts';
import type { RiskModel } from './model.ts';

/**
 * What leads from one model to another, for an engine that holds the first. Undefined when what all draws rest on
 * differs (moment, parameters): then make a new engine.
 */
export function changesBetween(from: RiskModel, to: RiskModel): Change[] | undefined {
  if (from.asOf !== to.asOf || text(from.parameters) !== text(to.parameters)) return undefined;
  const old = new Map<string, Change>();
  for (const change of changesTo(from)) old.set(`${change.kind}\u0000${change.id}`, change);
  const changes: Change[] = [];
  for (const change of changesTo(to)) {
    const name = `${change.kind}\u0000${change.id}`;
    const before = old.get(name);
    old.delete(name);
    if (before === undefined || text(before.value) !== text(change.value)) changes.push(change);
  }
  for (const { kind, id } of old.values()) changes.push({ kind, id });
  return changes;
}

/** Members written in another order count as changed: that costs time, and alters nothing. */
const text = (value: unknown): string => JSON.stringify(value) ?? '';
