import type { Cause } from './elements.ts';
import type { RiskEngine } from './engine.ts';
import type { Graph } from './graph.ts';
import { ageDays, findingBasis } from './likelihood.ts';
import { type AttackKind, type Dimension, dimensions, type Likelihood } from './model.ts';
import { openLanes } from './random.ts';
import { compare } from './result.ts';
import { draw, strengthOf } from './roots.ts';
import { leftIn } from './walk.ts';

/** One thing that has to happen for the loss, with what its number rests on. */
export type CauseRoot = {
  readonly kind: 'finding' | 'threat';
  readonly id: string;
  readonly title: string;
  readonly asset: string;
  readonly name: string;
  /** q_v, x_n and what controls are expected to let through; `probability` is their product. */
  readonly likelihood: number;
  readonly exposure: number;
  readonly controlsLeave: number;
  readonly probability: number;
  readonly controls: readonly string[];
  readonly basis: string;
  readonly ageDays: number | null;
};
export type CauseStep = {
  readonly edge: string;
  readonly how: 'reach' | 'depends';
  readonly from: string;
  readonly to: string;
};
/** A smallest set of happenings that is enough for the loss, and the way from there. */
export type CauseSet = {
  /** Of the lost draws that were looked at. */
  readonly share: number;
  readonly roots: readonly CauseRoot[];
  readonly steps: readonly CauseStep[];
};
export type Causes = {
  readonly asset: string;
  readonly dimension: Dimension;
  readonly lost: number;
  readonly looked: number;
  readonly sets: readonly CauseSet[];
};

type Step = { readonly edge: number; readonly graph: 'reach' | 'depends' };
type Found = { readonly cost: number; readonly roots: ReadonlySet<string>; readonly steps: readonly Step[] };

/**
 * Why an asset is lost, draw by draw: in each of up to `looks` lost draws (spread evenly over all worlds) the way with
 * the fewest steps from something that happened in that draw. Equal ways are decided by ids, so that the answer is the
 * same each time. Draws with the same way are counted together; the commonest first.
 */
export function causesOf(
  engine: RiskEngine,
  asset: string,
  dimension: Dimension,
  { looks = 400, sets = 5 } = {},
): Causes {
  const d = dimensions.indexOf(dimension);
  const node = engine.elements.index.get(asset);
  const lost = node === undefined ? [] : lostDraws(engine, node, d);
  const chosen = lost.filter(
    (_, i) =>
      lost.length <= looks ||
      Math.floor((i * looks) / lost.length) !== Math.floor(((i - 1) * looks) / lost.length),
  );
  const tracer = new Tracer(engine, d);
  const groups = new Map<string, { found: Found; count: number }>();
  for (const at of chosen) {
    const found = node === undefined ? undefined : tracer.trace(node, at);
    if (found === undefined) continue;
    const name = tracer.nameOf(found);
    const group = groups.get(name);
    if (group === undefined) groups.set(name, { found, count: 1 });
    else group.count++;
  }
  const ordered = [...groups.entries()].sort(
    ([a, x], [b, y]) => y.count - x.count || x.found.cost - y.found.cost || compare(a, b),
  );
  return {
    asset,
    dimension,
    lost: lost.length,
    looked: chosen.length,
    sets: ordered.slice(0, sets).map(([, { found, count }]) => ({
      share: count / Math.max(1, chosen.length),
      roots: [...found.roots].map((id) => tracer.describe(id)).sort((a, b) => compare(a.id, b.id)),
      steps: found.steps.map((step) => tracer.step(step)),
    })),
  };
}

function lostDraws(engine: RiskEngine, node: number, d: number): number[] {
  const row = new Int32Array(engine.draws.worlds * engine.draws.words);
  engine.layer('worlds').lost[d]?.read(node, row);
  const found: number[] = [];
  for (const [word, lanes] of row.entries())
    for (let left = lanes; left !== 0; left &= left - 1)
      found.push(word * 32 + (31 - Math.clz32(left & -left)));
  return found.sort((a, b) => a - b);
}

/** More ancestors than this in one draw: the nearest are enough to name a cause. */
const nodesAtMost = 3000;

class Tracer {
  readonly #engine: RiskEngine;
  readonly #d: number;
  readonly #happened = new Map<string, Int32Array>();
  readonly #names: { readonly reach: readonly string[]; readonly depends: readonly string[] };

  constructor(engine: RiskEngine, d: number) {
    this.#engine = engine;
    this.#d = d;
    this.#names = { reach: engine.graphs.reach.name, depends: engine.graphs.depends[d]?.name ?? [] };
  }

  trace(node: number, at: number): Found | undefined {
    const held = this.#costs(this.#engine.graphs.reach, 'reach', at);
    const depends = this.#engine.graphs.depends[this.#d] ?? this.#engine.graphs.reach;
    return this.#costs(depends, 'depends', at, held)(node);
  }

  /**
   * Cheapest first (Knuth's generalisation of Dijkstra's search): the cost of an edge is one step more than its source,
   * that of a gate the sum of its cheapest members. Only what is lost in this draw is looked at.
   */
  #costs(
    graph: Graph,
    kind: 'reach' | 'depends',
    at: number,
    held?: (node: number) => Found | undefined,
  ): (node: number) => Found | undefined {
    const layer = this.#engine.layer('worlds');
    const bits = kind === 'reach' ? layer.held : layer.lost[this.#d];
    return (target) => {
      const nodes = [target];
      const known = new Set(nodes);
      const found = new Map<number, Found>();
      for (let head = 0; head < nodes.length && nodes.length < nodesAtMost; head++) {
        const node = nodes[head] ?? 0;
        const root = this.#root(node, kind, at);
        if (root !== undefined) found.set(node, root);
        // A node that starts it all needs nobody else.
        if (root !== undefined) continue;
        for (const edge of this.#into(graph, kind, node)) {
          const source = graph.source[edge] ?? 0;
          if (known.has(source) || bits?.has(source, at) !== true || !this.#open(graph, kind, edge, at))
            continue;
          known.add(source);
          nodes.push(source);
        }
      }
      if (held !== undefined)
        for (const node of nodes) {
          if (found.has(node) || !layer.held.has(node, at)) continue;
          const taken = held(node);
          if (taken !== undefined) found.set(node, taken);
        }
      for (let changed = true; changed; ) {
        changed = false;
        for (const node of nodes.toReversed()) {
          const better = this.#cheapest(graph, kind, node, at, found);
          if (better === undefined || !isBetter(better, found.get(node))) continue;
          found.set(node, better);
          changed = true;
        }
      }
      return found.get(target);
    };
  }

  #cheapest(
    graph: Graph,
    kind: 'reach' | 'depends',
    node: number,
    at: number,
    found: ReadonlyMap<number, Found>,
  ): Found | undefined {
    const ways: { edge: number; from: Found }[] = [];
    for (const edge of this.#into(graph, kind, node)) {
      const from = found.get(graph.source[edge] ?? 0);
      if (from !== undefined && this.#open(graph, kind, edge, at)) ways.push({ edge, from });
    }
    // In the order of their ids among equals, which sorting keeps.
    ways.sort((a, b) => a.from.cost - b.from.cost);
    const alone = ways.find(({ edge }) => (graph.gate[edge] ?? -1) < 0);
    const sets = alone === undefined ? [] : [[alone]];
    for (const gate of graph.gatesOf.get(node) ?? []) {
      const need = graph.gates[gate]?.need ?? 1;
      const members = ways.filter(({ edge }) => graph.gate[edge] === gate).slice(0, need);
      if (members.length === need) sets.push(members);
    }
    const whole = sets.map((members): Found => {
      const steps = new Map<string, Step>();
      for (const { edge, from } of members) {
        for (const step of from.steps) steps.set(`${step.graph}${step.edge}`, step);
        steps.set(`${kind}${edge}`, { edge, graph: kind });
      }
      const roots = new Set(members.flatMap(({ from }) => [...from.roots]));
      return { cost: steps.size + 4 * (roots.size - 1), roots, steps: [...steps.values()] };
    });
    return whole.sort((a, b) => a.cost - b.cost)[0];
  }

  /** In the order of their ids: what is found first must not hang on the order of a list. */
  #into(graph: Graph, kind: 'reach' | 'depends', node: number): number[] {
    const names = this.#names[kind];
    return [...graph.inEdge.subarray(graph.inStart[node] ?? 0, graph.inStart[node + 1] ?? 0)].sort((a, b) =>
      compare(names[a] ?? '', names[b] ?? ''),
    );
  }

  /** What happened to the node itself: of several, what was most likely. */
  #root(node: number, kind: 'reach' | 'depends', at: number): Found | undefined {
    const layer = this.#engine.layer('worlds');
    const bits = kind === 'reach' ? layer.roots : layer.struck[this.#d];
    if (bits?.has(node, at) !== true) return undefined;
    const { elements, worlds } = this.#engine;
    const asset = elements.ids[node] ?? '';
    const causes = [...(elements.causes.get(node)?.values() ?? [])]
      .filter(({ strikes }) => (kind === 'reach' ? strikes === 0 : ((strikes >>> this.#d) & 1) === 1))
      .map((cause) => ({ cause, p: strengthOf(elements, worlds, asset, cause).centre }))
      .sort((a, b) => b.p - a.p || compare(a.cause.id, b.cause.id));
    for (const { cause } of causes) {
      const row = this.#drawsOf(asset, cause);
      if ((((row[at >>> 5] ?? 0) >>> (at & 31)) & 1) === 1)
        return { cost: 0, roots: new Set([`${node}\u0000${cause.id}`]), steps: [] };
    }
    return undefined;
  }

  #drawsOf(asset: string, cause: Cause): Int32Array {
    const known = this.#happened.get(cause.id);
    if (known !== undefined) return known;
    const { elements, worlds, draws } = this.#engine;
    const row = new Int32Array(draws.worlds * draws.words);
    draw(elements, worlds, draws, asset, cause, (word, bit, inWorld) => {
      if (inWorld) row[word] = (row[word] ?? 0) | bit;
    });
    this.#happened.set(cause.id, row);
    return row;
  }

  #open(graph: Graph, kind: 'reach' | 'depends', edge: number, at: number): boolean {
    const word = at >>> 5;
    let probability = graph.probability[edge] ?? 0;
    const factor = graph.factor[edge] ?? -1;
    if (kind === 'reach' && factor >= 0)
      probability *= leftIn(this.#engine.graphs, this.#engine.draws, 'worlds', word, 1)[factor] ?? 1;
    return (
      ((openLanes(probability, graph.low[edge] ?? 0, graph.high[edge] ?? 0, word) >>> (at & 31)) & 1) === 1
    );
  }

  describe(id: string): CauseRoot {
    const { elements, worlds } = this.#engine;
    const [node = '0', name = ''] = id.split('\u0000');
    const cause = elements.causes.get(Number(node))?.get(name);
    const asset = elements.ids[Number(node)] ?? '';
    if (cause === undefined) throw new RangeError(`${name} is no cause of ${asset}`);
    const centre = strengthOf(elements, worlds, asset, cause).centre;
    const exposure = elements.exposureFor(asset, cause);
    const protects: AttackKind | undefined = cause.kind === 'failure' ? undefined : cause.kind;
    const common = {
      asset,
      name: elements.assets.get(asset)?.name ?? asset,
      likelihood: cause.likelihood.centre,
      exposure,
      controlsLeave: protects === undefined ? 1 : worlds.leftBy(asset, protects).centre,
      probability: centre,
      controls: protects === undefined ? [] : worlds.controlsOf(asset, protects),
    };
    if ('finding' in cause.source) {
      const { finding } = cause.source;
      return {
        kind: 'finding',
        id: finding.id,
        title: finding.title ?? finding.cve ?? finding.id,
        ...common,
        basis: findingBasis(finding, elements.parameters),
        ageDays: ageDays(elements.asOf, finding.asOf) ?? null,
      };
    }
    const { threat } = cause.source;
    return {
      kind: 'threat',
      id: threat.id,
      title: threat.title ?? `${threat.kind} (${threat.id})`,
      ...common,
      basis: `declared ${threat.kind}: ${inWords(threat.likelihood)}`,
      ageDays: ageDays(elements.asOf, threat.asOf) ?? null,
    };
  }

  /** The same for the same causes and way, whatever order the model's lists are in. */
  nameOf({ roots, steps }: Found): string {
    const causes = [...roots].map((id) => id.slice(id.indexOf('\u0000') + 1));
    return JSON.stringify([
      causes.sort(),
      steps.map(({ edge, graph }) => this.#names[graph][edge] ?? '').sort(),
    ]);
  }

  step({ edge, graph: kind }: Step): CauseStep {
    const graph = kind === 'reach' ? this.#engine.graphs.reach : this.#engine.graphs.depends[this.#d];
    const { ids } = this.#engine.elements;
    return {
      edge: this.#names[kind][edge] ?? '',
      how: kind,
      from: ids[graph?.source[edge] ?? 0] ?? '',
      to: ids[graph?.target[edge] ?? 0] ?? '',
    };
  }
}

const isBetter = (a: Found, b: Found | undefined): boolean => b === undefined || a.cost < b.cost;

const inWords = (likelihood: Likelihood): string =>
  typeof likelihood === 'number' ? `${likelihood}` : `prior ${likelihood.alpha}:${likelihood.beta}`;
