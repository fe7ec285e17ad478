import { fileURLToPath } from 'node:url';
import { EventBlock } from '#platform/events';
import { LineReader, loadMaps, mapColumns, Normaliser, Planner } from '#soc/normalise';
import { type BatchDeps, processBatch } from '../src/soc/detect/batch.ts';
import { EventUids } from '../src/soc/detect/event-uid.ts';
import { Exceptions } from '../src/soc/detect/exceptions.ts';
import { compileRules } from '../src/soc/detect/sigma-rules.ts';

export type Blocks = (
  lines: readonly string[],
  first: number,
  receivedMs: number,
  tenancy: string,
) => Uint8Array;

/** Blocks as the pipeline makes them: the lines read and normalised by the maps that ship, matched against no rule. */
export function blockMaker(): Blocks {
  const maps = loadMaps(fileURLToPath(new URL('../content/normalise', import.meta.url)));
  const deps: BatchDeps = {
    rules: compileRules({ version: 'bench', texts: [], disabled: [], exceptions: [] }).ruleset,
    exceptions: new Exceptions([]),
    maps,
    planner: new Planner(maps, mapColumns()),
    lines: new LineReader(maps),
    normaliser: new Normaliser(),
    block: new EventBlock(),
    uids: new EventUids(),
    now: () => 0,
  };
  return (lines, first, receivedMs, tenancy) => {
    const items = lines.map((line) => Buffer.from(line));
    const bytes = new ArrayBuffer(items.reduce((sum, item) => sum + item.length, 0));
    let at = 0;
    for (const item of items) at += item.copy(Buffer.from(bytes), at);
    const frame = {
      source: `${tenancy}-windows`,
      tenancy,
      format: null,
      recorded: false,
      firstSequence: first,
      wire: 'json' as const,
      receivedMs,
      peer: '',
      itemBytes: items.map((item) => item.length),
      clientIds: items.map(() => ''),
      stored: [],
    };
    return processBatch(deps, { bytes, frames: [frame] }).block;
  };
}
