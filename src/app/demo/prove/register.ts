import { acceptRisk, addRisk, riskOf } from '#governance/risk';
import type { ProveHouse } from './house.ts';
import type { Told } from './say.ts';
import { ago } from './scans.ts';

/** Risks that are worth a decision, from the newest run of each environment or judged by hand. */
export async function writeRegister(house: ProveHouse, { content, person, now }: Told): Promise<void> {
  const { actor } = person('priya@wattle.example');
  for (const { environment, due, accept, asset, dimension, ...about } of content.risks) {
    const page = await riskOf(house.risk, actor, environment);
    const outcome = page.result?.outcomes.find((one) => one.name === asset && one.dimension === dimension);
    if (asset !== undefined && outcome === undefined)
      throw new Error(`the demo's run has no outcome for ${asset} ${dimension ?? ''}`);
    const risk = await addRisk(house.risk, actor, environment, {
      ...about,
      ...(outcome && { asset: outcome.asset, dimension: outcome.dimension }),
      dueAt: due === undefined ? null : ago(now, due).toISOString(),
    });
    if (accept === undefined || outcome === undefined) continue;
    await acceptRisk(house.risk, actor, risk.id, {
      ceiling: Math.min(1, outcome.high + accept.above),
      until: ago(now, accept.until).toISOString(),
      why: accept.why,
    });
  }
}
