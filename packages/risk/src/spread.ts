import type { Graph } from './graph.ts';
import { bitsAt, lanesOf, openLanes } from './random.ts';

/** What a walk works on; made once and used for every batch of worlds. All of it is empty between walks. */
export class Bench {
  delta: Int32Array;
  gone: Int32Array;
  dirty: Uint8Array;
  pending: Int32Array;
  /** As it was before the walk, of the nodes in `touched`. */
  before: Int32Array;
  isTouched: Uint8Array;
  touched: number[] = [];

  constructor(nodes: number, words: number, gates: number) {
    this.delta = new Int32Array(nodes * words);
    this.gone = new Int32Array(nodes * words);
    this.dirty = new Uint8Array(nodes);
    this.pending = new Int32Array(gates * words);
    this.before = new Int32Array(nodes * words);
    this.isTouched = new Uint8Array(nodes);
  }

  forget(): void {
    for (const node of this.touched) this.isTouched[node] = 0;
    this.touched = [];
  }
}

/** The worlds that are walked together: their bits, what edges let through in each, the number of their first word. */
export type Batch = {
  readonly graph: Graph;
  /** What controls leave of an edge's probability: by factor, then word. */
  readonly left: Float64Array;
  readonly words: number;
  readonly firstWord: number;
  /** Lost, or held by an attacker: what the walk completes. */
  readonly state: Int32Array;
  /** Where it starts: a node is in `state` wherever it is in one of these. */
  readonly roots: readonly Int32Array[];
};

/**
 * Walks from what is new in `bench.delta` (already in the state, and flagged dirty) until nothing more follows. Nodes
 * are taken causes first; within a cycle it goes round until the cycle is still. Each edge is asked once per draw.
 */
export function spread(batch: Batch, bench: Bench): void {
  const { graph, words, state, left, firstWord } = batch;
  const { delta, dirty, pending } = bench;
  const { order, rank, last, outStart, outEnd, target, gate, factor, low, high, probability } = graph;
  const gated = graph.gatesOf.size > 0;
  // Of the node at hand: its new lanes, and which of its words have any.
  const now = new Int32Array(words);
  const used = new Int32Array(words);
  let at = 0;
  let back = graph.nodes;
  while (at < graph.nodes) {
    const node = order[at] ?? 0;
    if (dirty[node] === 1) {
      dirty[node] = 0;
      const base = node * words;
      if (gated) openGates(batch, bench, node);
      let count = 0;
      for (let w = 0; w < words; w++) {
        const lanes = delta[base + w] ?? 0;
        if (lanes === 0) continue;
        now[count] = lanes;
        used[count++] = w;
        delta[base + w] = 0;
      }
      const end = count === 0 ? 0 : (outEnd[node] ?? 0);
      for (let edge = outStart[node] ?? 0; edge < end; edge++) {
        const to = target[edge] ?? 0;
        const toBase = to * words;
        const through = gate[edge] ?? -1;
        const step = probability[edge] ?? 0;
        const protection = (factor[edge] ?? -1) * words;
        const keyLow = low[edge] ?? 0;
        const keyHigh = high[edge] ?? 0;
        const threshold = (step * 32) | 0;
        const rest = ((step * 32 - threshold) * 32_768) | 0;
        let any = false;
        for (let u = 0; u < count; u++) {
          const w = used[u] ?? 0;
          let open = (now[u] ?? 0) & ~(state[toBase + w] ?? 0);
          if (open === 0) continue;
          if (through >= 0) {
            pending[through * words + w] = (pending[through * words + w] ?? 0) | open;
            any = true;
            continue;
          }
          if (protection >= 0)
            open &= openLanes(step * (left[protection + w] ?? 1), keyLow, keyHigh, firstWord + w);
          else if (step < 1) open &= lanesOf(threshold, rest, bitsAt(keyLow, keyHigh, firstWord + w));
          if (open === 0) continue;
          if (!any) touch(batch, bench, to);
          state[toBase + w] = (state[toBase + w] ?? 0) | open;
          delta[toBase + w] = (delta[toBase + w] ?? 0) | open;
          any = true;
        }
        if (!any) continue;
        dirty[to] = 1;
        const place = rank[to] ?? 0;
        if (place <= at && place < back) back = place;
      }
    }
    if (at === last[at] && back <= at) {
      at = back;
      back = graph.nodes;
    } else at++;
  }
}

function openOf({ graph, left, words, firstWord }: Batch, edge: number, lanes: number, w: number): number {
  const factor = graph.factor[edge] ?? -1;
  const step = (graph.probability[edge] ?? 0) * (factor < 0 ? 1 : (left[factor * words + w] ?? 1));
  return lanes & openLanes(step, graph.low[edge] ?? 0, graph.high[edge] ?? 0, firstWord + w);
}

/** Puts new lanes into a node's state; the next `spread` goes on from them. */
export function add(batch: Batch, bench: Bench, node: number, w: number, lanes: number): void {
  const at = node * batch.words + w;
  const fresh = lanes & ~(batch.state[at] ?? 0);
  if (fresh === 0) return;
  touch(batch, bench, node);
  batch.state[at] = (batch.state[at] ?? 0) | fresh;
  bench.delta[at] = (bench.delta[at] ?? 0) | fresh;
  bench.dirty[node] = 1;
}

/** Takes lanes out of a node's state; `unwind` follows them. */
export function take(batch: Batch, bench: Bench, node: number, w: number, lanes: number): void {
  const at = node * batch.words + w;
  const going = lanes & (batch.state[at] ?? 0);
  if (going === 0) return;
  touch(batch, bench, node);
  batch.state[at] = (batch.state[at] ?? 0) & ~going;
  bench.delta[at] = (bench.delta[at] ?? 0) | going;
  bench.gone[at] = (bench.gone[at] ?? 0) | going;
  bench.dirty[node] = 1;
}

function touch({ words, state }: Batch, bench: Bench, node: number): void {
  if (bench.isTouched[node] === 1) return;
  bench.isTouched[node] = 1;
  bench.touched.push(node);
  for (let w = 0, at = node * words; w < words; w++, at++) bench.before[at] = state[at] ?? 0;
}

/**
 * Takes out everything that may have followed from what was taken, then puts back what still follows from elsewhere
 * ("delete and re-derive"): the least fixed point of what is left, without walking the rest.
 *
 * @param redo nodes whose incoming edges or gates changed: every draw of them is asked anew
 */
export function unwind(batch: Batch, bench: Bench, redo: readonly number[]): void {
  const { graph, words, state } = batch;
  const { delta, dirty, gone } = bench;
  const queue = bench.touched.filter((node) => dirty[node] === 1);
  for (let head = 0; head < queue.length; head++) {
    const node = queue[head] ?? 0;
    dirty[node] = 0;
    const base = node * words;
    const now = delta.slice(base, base + words);
    delta.fill(0, base, base + words);
    for (let edge = graph.outStart[node] ?? 0, end = graph.outEnd[node] ?? 0; edge < end; edge++) {
      const to = graph.target[edge] ?? 0;
      for (let w = 0; w < words; w++) {
        const lanes = (now[w] ?? 0) & (state[to * words + w] ?? 0);
        if (lanes === 0) continue;
        const was = dirty[to];
        take(batch, bench, to, w, openOf(batch, edge, lanes, w));
        if (was === 0 && dirty[to] === 1) queue.push(to);
      }
    }
  }
  const again = new Set([...bench.touched, ...redo]);
  const whole = new Set(redo);
  for (const node of again) {
    for (let w = 0; w < words; w++) {
      const at = node * words + w;
      const asked = whole.has(node) ? ~(state[at] ?? 0) : (gone[at] ?? 0);
      gone[at] = 0;
      if (asked !== 0) add(batch, bench, node, w, follows(batch, node, w, asked));
    }
  }
}

/** Those of these lanes in which a node is lost by its roots, an edge or a gate, as the state is now. */
function follows(batch: Batch, node: number, w: number, asked: number): number {
  const { graph, words, state, roots } = batch;
  let found = 0;
  for (const root of roots) found |= (root[node * words + w] ?? 0) & asked;
  for (let i = graph.inStart[node] ?? 0, end = graph.inStart[node + 1] ?? 0; i < end; i++) {
    const edge = graph.inEdge[i] ?? 0;
    if ((graph.gate[edge] ?? -1) >= 0) continue;
    const lanes = (state[(graph.source[edge] ?? 0) * words + w] ?? 0) & asked & ~found;
    if (lanes !== 0) found |= openOf(batch, edge, lanes, w);
  }
  for (const gate of graph.gatesOf.get(node) ?? []) found |= through(batch, gate, w, asked & ~found);
  return found;
}

function openGates(batch: Batch, bench: Bench, node: number): void {
  const { words } = batch;
  for (const gate of batch.graph.gatesOf.get(node) ?? [])
    for (let w = 0; w < words; w++) {
      const at = gate * words + w;
      const asked = (bench.pending[at] ?? 0) & ~(batch.state[node * words + w] ?? 0);
      bench.pending[at] = 0;
      if (asked !== 0) add(batch, bench, node, w, through(batch, gate, w, asked));
    }
  bench.dirty[node] = 0;
}

/** Those lanes in which at least `need` members of the gate are lost: a counter of 32 draws side by side. */
function through(batch: Batch, at: number, w: number, asked: number): number {
  const { graph, words, state } = batch;
  const gate = graph.gates[at];
  if (gate === undefined || asked === 0 || gate.members.length < gate.need) return 0;
  const planes: number[] = [];
  for (const edge of gate.members) {
    const lanes = (state[(graph.source[edge] ?? 0) * words + w] ?? 0) & asked;
    let carry = lanes === 0 ? 0 : openOf(batch, edge, lanes, w);
    for (let p = 0; carry !== 0; p++) {
      const plane = planes[p] ?? 0;
      planes[p] = plane ^ carry;
      carry = plane & carry;
    }
  }
  // count >= need, compared from the highest plane down.
  let above = 0;
  let equal = asked;
  for (let p = Math.max(planes.length, 32 - Math.clz32(gate.need)) - 1; p >= 0; p--) {
    const plane = planes[p] ?? 0;
    if (((gate.need >>> p) & 1) === 1) equal &= plane;
    else {
      above |= equal & plane;
      equal &= ~plane;
    }
  }
  return above | equal;
}
