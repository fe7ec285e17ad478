import { Bits, type Draws } from './draws.ts';
import type { Graph } from './graph.ts';
import type { BothRows, RootRows } from './roots.ts';
import { add, Bench, spread, take, unwind, type Batch } from './spread.ts';
import type { Uncertain } from './worlds.ts';

export type Graphs = {
  readonly reach: Graph;
  readonly depends: readonly Graph[];
  readonly factors: readonly Uncertain[];
};
export type Variant = (typeof variants)[number];

/** What a walk reads and completes of a layer; this much of it another thread can be given. */
export type Walked = {
  readonly roots: Pick<Bits, 'byBatch'>;
  readonly held: Pick<Bits, 'byBatch'>;
  readonly lost: readonly Pick<Bits, 'byBatch'>[];
  readonly struck: readonly (Pick<Bits, 'byBatch'> | undefined)[];
};
export const variants = ['worlds', 'centre'] as const;

/** All draws of one variant: what starts, what an attacker holds, and what of C, I and A is lost. */
export class Layer {
  readonly roots: Bits;
  readonly held: Bits;
  readonly lost: readonly Bits[];
  readonly struck: (Bits | undefined)[] = [undefined, undefined, undefined];
  readonly #draws: Draws;
  #nodes: number;

  constructor(draws: Draws, nodes: number) {
    this.#draws = draws;
    this.#nodes = nodes;
    this.roots = new Bits(draws, nodes);
    this.held = new Bits(draws, nodes);
    this.lost = [new Bits(draws, nodes), new Bits(draws, nodes), new Bits(draws, nodes)];
  }

  grow(nodes: number): void {
    this.#nodes = nodes;
    for (const bits of [this.roots, this.held, ...this.lost, ...this.struck]) bits?.grow(nodes);
  }

  write(node: number, rows: RootRows): void {
    this.roots.write(node, rows.taken);
    for (const [d, row] of rows.struck.entries()) {
      if (row === undefined && this.struck[d] === undefined) continue;
      const bits = this.struck[d] ?? new Bits(this.#draws, this.#nodes);
      this.struck[d] = bits;
      bits.write(node, row ?? new Int32Array(rows.taken.length));
    }
  }

  read(node: number): RootRows {
    const row = (): Int32Array => new Int32Array(this.#draws.worlds * this.#draws.words);
    return {
      taken: this.roots.read(node, row()),
      struck: this.struck.map((bits) => bits?.read(node, row())),
    };
  }
}

/** What of an asset's own roots was and is, and whose incoming edges changed. */
export type Touched = {
  readonly roots: readonly { readonly node: number; readonly before: RootRows; readonly now: RootRows }[];
  readonly reach: readonly number[];
  readonly depends: readonly number[];
};

/** From nothing: each of these is one batch of one variant, and none needs another's. */
export const walksIn = ({ batches }: Draws): number => batches * variants.length;

/** Walks the numbers that `next` gives, until it gives one that there is not. */
export function walkAll(
  layers: Readonly<Record<Variant, Walked>>,
  graphs: Graphs,
  draws: Draws,
  next: () => number,
  done: () => void,
): void {
  const bench = benchFor(graphs, draws);
  for (let walk = next(); walk < walksIn(draws); walk = next()) {
    const variant = walk < draws.batches ? 'worlds' : 'centre';
    for (let d = -1; d < 3; d++)
      start(batchOf(layers[variant], graphs, draws, variant, walk % draws.batches, d), bench);
    done();
  }
}

function start(batch: Batch, bench: Bench): void {
  batch.state.fill(0);
  for (const root of batch.roots)
    for (let i = 0; i < root.length; i++) batch.state[i] = (batch.state[i] ?? 0) | (root[i] ?? 0);
  bench.delta.set(batch.state);
  for (let node = 0, i = 0; node < batch.graph.nodes; node++) {
    let any = 0;
    for (let w = 0; w < batch.words; w++) any |= batch.state[i++] ?? 0;
    if (any !== 0) bench.dirty[node] = 1;
  }
  spread(batch, bench);
  bench.forget();
}

/** Only what a change can have altered. INVARIANT: the same bits as `walkAll` would give. */
export function walkChanged(
  layer: Layer,
  graphs: Graphs,
  draws: Draws,
  variant: Variant,
  touched: Touched,
): void {
  const bench = benchFor(graphs, draws);
  const words = draws.batchWords;
  for (let at = 0; at < draws.batches; at++) {
    const held = batchOf(layer, graphs, draws, variant, at, -1);
    const taken = laneChanges(touched, at * words, words, (rows) => rows.taken);
    const seeds = rewalk(held, bench, taken, touched.reach);
    for (let d = 0; d < 3; d++) {
      const struck = laneChanges(touched, at * words, words, (rows) => rows.struck[d]);
      rewalk(batchOf(layer, graphs, draws, variant, at, d), bench, seeds.concat(struck), touched.depends);
    }
  }
}

type LaneChange = { node: number; w: number; gone: number; fresh: number };

function laneChanges(
  touched: Touched,
  firstWord: number,
  words: number,
  rowOf: (rows: RootRows) => Int32Array | undefined,
): LaneChange[] {
  const changes: LaneChange[] = [];
  for (const { node, before, now } of touched.roots) {
    const old = rowOf(before);
    const next = rowOf(now);
    if (old === undefined && next === undefined) continue;
    for (let w = 0; w < words; w++) {
      const was = old?.[firstWord + w] ?? 0;
      const is = next?.[firstWord + w] ?? 0;
      if (was !== is) changes.push({ node, w, gone: was & ~is, fresh: is & ~was });
    }
  }
  return changes;
}

/** @returns what changed in the batch's state */
function rewalk(
  batch: Batch,
  bench: Bench,
  changes: readonly LaneChange[],
  redo: readonly number[],
): LaneChange[] {
  if (changes.length === 0 && redo.length === 0) return [];
  for (const { node, w, gone } of changes) take(batch, bench, node, w, gone);
  for (const node of redo) for (let w = 0; w < batch.words; w++) take(batch, bench, node, w, -1);
  unwind(batch, bench, redo);
  for (const { node, w, fresh } of changes) add(batch, bench, node, w, fresh);
  spread(batch, bench);
  const found: LaneChange[] = [];
  for (const node of bench.touched)
    for (let w = 0; w < batch.words; w++) {
      const at = node * batch.words + w;
      const was = bench.before[at] ?? 0;
      const is = batch.state[at] ?? 0;
      if (was !== is) found.push({ node, w, gone: was & ~is, fresh: is & ~was });
    }
  bench.forget();
  return found;
}

function benchFor(graphs: Graphs, draws: Draws): Bench {
  const gates = Math.max(...[graphs.reach, ...graphs.depends].map((graph) => graph.gates.length));
  return new Bench(graphs.reach.nodes, draws.batchWords, gates);
}

/** @param dimension -1: who holds what; 0, 1, 2: what of C, I, A is lost */
function batchOf(
  layer: Walked,
  graphs: Graphs,
  draws: Draws,
  variant: Variant,
  at: number,
  dimension: number,
): Batch {
  const words = draws.batchWords;
  const firstWord = at * words;
  const held = layer.held.byBatch[at] ?? none;
  if (dimension < 0)
    return {
      graph: graphs.reach,
      left: leftIn(graphs, draws, variant, firstWord, words),
      words,
      firstWord,
      state: held,
      roots: [layer.roots.byBatch[at] ?? none],
    };
  const struck = layer.struck[dimension]?.byBatch[at];
  return {
    graph: graphs.depends[dimension] ?? graphs.reach,
    left: nothing,
    words,
    firstWord,
    state: layer.lost[dimension]?.byBatch[at] ?? none,
    roots: struck === undefined ? [held] : [held, struck],
  };
}
const none = new Int32Array(0);
const nothing = new Float64Array(0);

/** What controls leave of each step, in each word's world: by factor, then word. */
export function leftIn(
  { factors }: Graphs,
  draws: Draws,
  variant: Variant,
  firstWord: number,
  words: number,
): Float64Array {
  const left = new Float64Array(factors.length * words);
  for (const [f, { by, centre }] of factors.entries())
    for (let w = 0; w < words; w++)
      left[f * words + w] =
        variant === 'centre' ? centre : (by[Math.floor((firstWord + w) / draws.words)] ?? 1);
  return left;
}

export const sameRows = (a: BothRows['worlds'], b: BothRows['worlds']): boolean =>
  same(a.taken, b.taken) && [0, 1, 2].every((d) => same(a.struck[d], b.struck[d]));

function same(a: Int32Array | undefined, b: Int32Array | undefined): boolean {
  const length = a?.length ?? b?.length ?? 0;
  for (let i = 0; i < length; i++) if ((a?.[i] ?? 0) !== (b?.[i] ?? 0)) return false;
  return true;
}
