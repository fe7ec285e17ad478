/** Works risks out in a thread of its own, so that the server answers meanwhile. Keeps each system's draws for the next change. */
import { parentPort } from 'node:worker_threads';
import { changesBetween, explain, InvalidModel, RiskEngine, type RiskModel, whatIf } from '@ironbark/risk';
import { helpers } from './drawing/helpers.ts';
import type { Answer, Ask } from './protocol.ts';

type Kept = { readonly model: RiskModel; readonly engine: RiskEngine };
const kept = new Map<string, Kept>();
/** Systems whose draws are kept; the one that was asked for longest ago goes first. */
const keptAtMost = 3;

function engineOf({ system, model, seed, draws }: Ask): RiskEngine {
  const before = kept.get(system);
  kept.delete(system);
  let engine: RiskEngine | undefined;
  if (before !== undefined && before.engine.seed === seed && before.engine.draws.count >= draws) {
    const changes = changesBetween(before.model, model);
    if (changes !== undefined && before.engine.draws.count - draws < 4000) {
      before.engine.apply(changes);
      engine = before.engine;
    }
  }
  engine ??= new RiskEngine(model, { seed, draws, helpers });
  kept.set(system, { model, engine });
  for (const oldest of kept.keys()) {
    if (kept.size <= keptAtMost) break;
    kept.delete(oldest);
  }
  return engine;
}

function answer(id: number, ask: Ask): Answer {
  try {
    const engine = engineOf(ask);
    return ask.kind === 'evaluate'
      ? { id, result: explain(engine) }
      : { id, effect: whatIf(engine, ask.changes, 500) };
  } catch (error) {
    if (!(error instanceof InvalidModel)) throw error;
    return { id, refused: error.message };
  }
}

parentPort?.on('message', ({ id, ask }: { id: number; ask: Ask }) =>
  parentPort?.postMessage(answer(id, ask)),
);
