import { bandOf } from '@ironbark/risk';
import type { Tx } from '#platform/records';
import { riskResult, type RiskResultView } from './contract.ts';
import * as store from './store.ts';

/** The newest result; undefined where there is none. */
export async function newestResult(tx: Tx, environment: string): Promise<RiskResultView | undefined> {
  const [last] = await store.runs(tx, environment, 1);
  const found = last && (await store.runById(tx, environment, last.id));
  return found && riskResult.parse(found.result);
}

/** The band of an outcome's consequence: as valued, or of the middle of its range; 1 where nobody valued it. */
export function bandOfOutcome(
  { value }: Pick<RiskResultView['outcomes'][number], 'value'>,
  result: Pick<RiskResultView, 'parameters'> | null | undefined,
): number {
  if (value === null) return 1;
  return typeof value === 'number'
    ? value
    : bandOf(Math.sqrt(value.low * value.high), result?.parameters.bands ?? []);
}
